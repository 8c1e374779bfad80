#include "protocol/crypto/bech32m.hpp"

using namespace datagen::protocol;

TEST_CASE("bech32m: accepts the valid strings of BIP-350") {
  for (auto text : {"A1LQFN3A", "a1lqfn3a", "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
                    "split1checkupstagehandshakeupstreamerranterredcaperredlc445v", "?1v759aa"})
    CHECK_MESSAGE(bech32m_decode(text), text);
}

TEST_CASE("bech32m: refuses the invalid strings of BIP-350") {
  for (auto text : {"M1VUXWEZ", "16plkw9", "in1muywd", "mm1crxm3i", "au1s5cgom"})
    CHECK_MESSAGE(!bech32m_decode(text), text);
}

TEST_CASE("bech32m: addresses round-trip, and one changed character never decodes") {
  std::mt19937 random{3};
  for (int i = 0; i < 200; ++i) {
    account_id key;
    for (auto& b : key.value)
      b = static_cast<std::uint8_t>(random());
    auto text = to_address(key);
    CHECK(from_address(text) == key);
    auto& c = text[3 + random() % (text.size() - 3)];
    c = c == 'q' ? 'p' : 'q';
    CHECK_FALSE(from_address(text));
  }
}
