#include "protocol/chain/development.hpp"

#include "protocol/crypto/hash.hpp"

namespace datagen::protocol {

const char* to_string(development_kind x) {
  switch (x) {
    case development_kind::account: return "account";
    case development_kind::validator: return "validator";
    case development_kind::author: return "author";
  }
  return "account";
}

key_pair development_key(development_kind kind, std::uint32_t index) {
  return key_pair::from_secret({hash("datagen-development-key", to_string(kind), index).value});
}

}  // namespace datagen::protocol
