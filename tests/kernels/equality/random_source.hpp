#pragma once

#include "../jobs/random_source.hpp"

namespace datagen::equality {

/// SplitMix64 with sizes.
class random_source : public kernels::testing::random_source {
 public:
  using kernels::testing::random_source::random_source;

  /// In [low, high], every power of two about as likely as the next.
  std::uint64_t magnitude(std::uint64_t low, std::uint64_t high) {
    int bits = 0;
    while ((high - low) >> bits != 0) ++bits;
    const std::uint64_t mask = (std::uint64_t{1} << below(static_cast<std::uint64_t>(bits) + 1)) - 1;
    const std::uint64_t value = low + (next() & mask);
    return value < high ? value : high;
  }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
};

}  // namespace datagen::equality
