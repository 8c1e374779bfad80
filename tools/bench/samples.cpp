#include "tools/bench/samples.hpp"

#include <algorithm>
#include <numeric>

namespace datagen::bench {

quantiles quantiles_of(std::vector<double> times_us) {
  if (times_us.empty())
    return {};
  std::sort(times_us.begin(), times_us.end());
  const auto at = [&](double share) {
    return times_us[static_cast<std::size_t>(share * static_cast<double>(times_us.size() - 1))];
  };
  const auto sum = std::accumulate(times_us.begin(), times_us.end(), 0.0);
  return {.p50_us = at(0.5),
          .p99_us = at(0.99),
          .mean_us = sum / static_cast<double>(times_us.size()),
          .count = times_us.size()};
}

}  // namespace datagen::bench
