#include "tools/scenario/simulated_signatures.hpp"

#include <algorithm>

namespace datagen::scenario {

using namespace protocol;

key_pair simulated_signatures::keep(key_pair pair) {
  invariant(pair.identity == public_key_of(pair.secret), "a key pair belongs together");
  secrets_[pair.identity] = pair.secret;
  pair.in_place = shared_from_this();
  return pair;
}

signature simulated_signatures::sign(const key_pair& pair, byte_view message) const {
  const auto known = secrets_.find(pair.identity);
  const bool own = known != secrets_.end() && known->second == pair.secret;
  return own ? made(pair.identity, message) : signature{};
}

bool simulated_signatures::check(const public_key& key, byte_view message,
                                 const signature& sig) const {
  return sig == made(key, message);
}

/// As long as a real one, and no byte of it is free: the tag, then what is fixed.
signature simulated_signatures::made(const public_key& key, byte_view message) const {
  const auto tag = siphash(key_, {key.view(), message});
  signature result{};
  std::copy(tag.begin(), tag.end(), result.value.begin());
  return result;
}

}  // namespace datagen::scenario
