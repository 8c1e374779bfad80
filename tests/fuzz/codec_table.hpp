#pragma once
// The property of everything that decodes: what is accepted has one encoding, the bytes it came
// from.

#include "tests/fuzz/filler.hpp"
#include "tests/fuzz/target.hpp"

namespace datagen::fuzz {

template <class T>
void check_canonical(byte_view data) {
  if (const auto x = protocol::decode<T>(data))
    require(std::ranges::equal(protocol::encode(*x), data), "what decodes re-encodes to its bytes");
}

/// Types that share a target: the first byte says which of them the rest is.
template <class... Ts>
struct codec_table {
  static void check(byte_view data) {
    const auto [which, rest] = choose(data, sizeof...(Ts));
    std::size_t i = 0;
    ((i++ == which ? check_canonical<Ts>(rest) : void()), ...);
  }
  /// `each` values of every type.
  static std::vector<bytes> seeds(std::uint64_t each) {
    std::vector<bytes> result;
    for (std::uint64_t number = 0; number < each; ++number) {
      std::size_t i = 0;
      (result.push_back(chosen(i++, protocol::encode(filled<Ts>(number)))), ...);
    }
    return result;
  }
};

}  // namespace datagen::fuzz
