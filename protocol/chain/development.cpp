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

coin_dealing development_coin(std::string_view chain, std::size_t authors,
                              const coin_group& group) {
  const auto quorum = authors - (authors - 1) / 3;
  return deal(group, static_cast<std::uint16_t>(authors),
              static_cast<std::uint16_t>(quorum), hash("datagen-development-coin", chain));
}

key_pair development_key(development_kind kind, std::uint32_t index) {
  return key_pair::from_secret({hash("datagen-development-key", to_string(kind), index).value});
}

}  // namespace datagen::protocol
