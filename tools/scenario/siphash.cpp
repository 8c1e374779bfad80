#include "tools/scenario/siphash.hpp"

#include "protocol/crypto/hash.hpp"

#include <bit>

namespace datagen::scenario {

namespace {

std::uint64_t word_at(const std::uint8_t* from) {
  std::uint64_t x = 0;
  for (int i = 7; i >= 0; --i)
    x = x << 8 | from[i];
  return x;
}

class sip_state {
public:
  explicit sip_state(const siphash_key& key)
      : v0_(key.low ^ 0x736f6d6570736575),
        v1_(key.high ^ 0x646f72616e646f6d ^ 0xee),
        v2_(key.low ^ 0x6c7967656e657261),
        v3_(key.high ^ 0x7465646279746573) {}

  void take(std::uint64_t word) {
    v3_ ^= word;
    rounds(2);
    v0_ ^= word;
  }
  std::uint64_t first_half() {
    v2_ ^= 0xee;
    return half();
  }
  std::uint64_t second_half() {
    v1_ ^= 0xdd;
    return half();
  }

private:
  std::uint64_t half() {
    rounds(4);
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }
  void rounds(int count) {
    for (; count > 0; --count) {
      v0_ += v1_;
      v1_ = std::rotl(v1_, 13) ^ v0_;
      v0_ = std::rotl(v0_, 32);
      v2_ += v3_;
      v3_ = std::rotl(v3_, 16) ^ v2_;
      v0_ += v3_;
      v3_ = std::rotl(v3_, 21) ^ v0_;
      v2_ += v1_;
      v1_ = std::rotl(v1_, 17) ^ v2_;
      v2_ = std::rotl(v2_, 32);
    }
  }
  std::uint64_t v0_, v1_, v2_, v3_;
};

}  // namespace

siphash_key siphash_key_of(std::uint64_t seed, const char* use) {
  const auto x = protocol::hash("scenario-key", std::string_view{use}, seed);
  return {word_at(x.value.data()), word_at(x.value.data() + 8)};
}

siphash_tag siphash(const siphash_key& key, std::initializer_list<protocol::byte_view> parts) {
  sip_state state{key};
  std::array<std::uint8_t, 8> rest{};  // of what came so far, not yet a word
  std::size_t pending = 0, total = 0;
  for (auto part : parts) {
    total += part.size();
    while (!part.empty()) {
      if (pending == 0 && part.size() >= 8) {
        state.take(word_at(part.data()));
        part = part.subspan(8);
        continue;
      }
      rest[pending++] = part.front();
      part = part.subspan(1);
      if (pending == 8) {
        state.take(word_at(rest.data()));
        pending = 0;
      }
    }
  }
  std::fill(rest.begin() + static_cast<std::ptrdiff_t>(pending), rest.end(), std::uint8_t{0});
  rest[7] = static_cast<std::uint8_t>(total);
  state.take(word_at(rest.data()));
  siphash_tag result;
  std::size_t at = 0;
  for (auto half : {state.first_half(), state.second_half()})
    for (int i = 0; i < 8; ++i, half >>= 8)
      result[at++] = static_cast<std::uint8_t>(half);
  return result;
}

}  // namespace datagen::scenario
