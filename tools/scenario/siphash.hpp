#pragma once
// SipHash-2-4 with 128 bits (Aumasson, Bernstein 2012): a keyed function that nobody without the key
// can tell from a random one, at about a byte a cycle.

#include "protocol/types.hpp"

#include <array>

namespace datagen::scenario {

struct siphash_key {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};
/// The key that `seed` gives for one use.
siphash_key siphash_key_of(std::uint64_t seed, const char* use);

using siphash_tag = std::array<std::uint8_t, 16>;

/// Of the concatenation of `parts`, as if it were one message.
siphash_tag siphash(const siphash_key& key, std::initializer_list<protocol::byte_view> parts);

}  // namespace datagen::scenario
