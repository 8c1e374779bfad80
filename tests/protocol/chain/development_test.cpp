#include "protocol/chain/development.hpp"

using namespace datagen::protocol;

TEST_CASE("development keys: every kind and index has its own, the same on every machine") {
  std::set<public_key> seen;
  for (const auto kind :
       {development_kind::account, development_kind::validator, development_kind::author})
    for (std::uint32_t i = 0; i < 8; ++i) {
      const auto key = development_key(kind, i);
      CHECK(key.identity == public_key_of(key.secret));
      CHECK(seen.insert(key.identity).second);
    }
  // Published: documentation, pages and other people's scripts name these.
  CHECK(to_hex(development_key(development_kind::account, 0).identity) ==
        "4d842f50a95d935b42a0cf0c46700448d2c0ec81c83d899dfe1b74abca9e6ffd");
  CHECK(to_hex(development_key(development_kind::validator, 1).identity) ==
        "450039f8ffee07ac8777a47de14ebeb5f1d5f3b2238531ac29470f8f4c40d71c");
}
