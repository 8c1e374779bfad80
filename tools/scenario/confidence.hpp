#pragma once
// What chance alone would show: intervals for observed shares, and the mean of a capped sum.

#include <cstdint>

namespace datagen::scenario {

struct interval {
  double low = 0;
  double high = 1;
  bool holds(double x) const { return low <= x && x <= high; }
};

/// Wilson's score interval at 95 % for `found` of `of`; 0 to 1 for none of none.
interval wilson(std::uint64_t found, std::uint64_t of);

struct moments {
  double mean = 0;
  double variance = 0;
};

/// Of min(k · part, whole), where k of `tries` tries of chance `q` succeed: what convictions take of a
/// stake.
moments capped_sum(std::uint64_t tries, double q, double part, double whole);

}  // namespace datagen::scenario
