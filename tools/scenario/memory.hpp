#pragma once
// What a long run holds in memory, and whether that grows.

#include <cstdint>
#include <vector>

namespace datagen::scenario {

struct memory_sample {
  std::uint64_t at_ms = 0;  ///< Virtual time.
  std::uint64_t bytes = 0;  ///< Of this process, resident.
};

/// 0 where the system does not tell.
std::uint64_t resident_bytes();

/// Bytes per hour of virtual time over the later half of `samples`, by least squares; 0 for fewer
/// than four of them. The first half fills windows and caches that have a size.
std::int64_t growth_per_hour(const std::vector<memory_sample>& samples);

}  // namespace datagen::scenario
