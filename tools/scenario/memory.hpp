#pragma once
// What a long run holds in memory, and whether that grows.

#include <cstdint>
#include <filesystem>
#include <vector>

namespace datagen::scenario {

struct memory_sample {
  std::uint64_t at_ms = 0;  ///< Virtual time.
  std::uint64_t bytes = 0;  ///< Of this process, resident.
  /// Of what every author holds as its chain's state, encoded; that is in `bytes`, and larger there.
  std::uint64_t states = 0;
  std::uint64_t databases = 0;  ///< On the disk, so not in `bytes`.
};

/// 0 where the system does not tell.
std::uint64_t resident_bytes();

/// Of all files in `directory` and below; 0 where there is none.
std::uint64_t bytes_below(const std::filesystem::path& directory);

/// Of `what`, bytes per hour of virtual time over the later half of `samples`, by least squares; 0 for
/// fewer than four of them. The first half fills windows and caches that have a size.
std::int64_t growth_per_hour(const std::vector<memory_sample>& samples,
                             std::uint64_t memory_sample::*what = &memory_sample::bytes);

}  // namespace datagen::scenario
