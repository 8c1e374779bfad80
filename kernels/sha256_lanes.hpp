#pragma once

#include "sha256.hpp"

namespace datagen::kernels {

/// Messages at most in a group.
inline constexpr int sha256_group_max = 16;

/// Which loops may be used; the digests are the same.
struct sha256_loops {
  bool lanes = false;  ///< the module's vector lanes, where it has any
  bool ni = false;     ///< SHA-NI, which must be there
};

/// What the processor has, or plain code alone.
sha256_loops sha256_fastest(bool portable);

/// Hashes up to sha256_group_max messages: in vector lanes, each with a message of its own, where
/// enough messages have equally many blocks; else with SHA-NI, else with plain code.
void sha256_messages(const sha256_message* messages, int count, sha256_loops loops, digest256* out);

/// How many of `count` messages a thread takes at once: enough to fill the lanes, but no thread of
/// `threads` goes without.
std::uint64_t sha256_group_size(std::uint64_t count, std::uint32_t threads);

/// Hashes the messages of group `index`. `Messages` has `count` and message(i).
template <class Messages>
struct hash_group {
  Messages from;
  std::uint64_t size;  ///< messages of a group
  sha256_loops loops;
  digest256* out;

  void operator()(std::uint64_t index) const {
    sha256_message messages[sha256_group_max];
    const std::uint64_t first = size * index;
    const auto count = static_cast<int>(least(size, from.count - first));
    for (int i = 0; i < count; ++i)
      messages[i] = from.message(first + static_cast<std::uint64_t>(i));
    sha256_messages(messages, count, loops, out + first);
  }
};

}  // namespace datagen::kernels
