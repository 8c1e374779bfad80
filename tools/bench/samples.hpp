#pragma once
// Measured times and what is said of them.

#include <cstddef>
#include <vector>

namespace datagen::bench {

struct quantiles {
  double p50_us = 0;
  double p99_us = 0;
  double mean_us = 0;
  std::size_t count = 0;
};

/// Of times in microseconds; zeros where there are none.
quantiles quantiles_of(std::vector<double> times_us);

}  // namespace datagen::bench
