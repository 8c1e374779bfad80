#include "tools/scenario/confidence.hpp"

#include <algorithm>
#include <cmath>

namespace datagen::scenario {

namespace {

constexpr double z = 1.959963984540054;  // of 95 %

}  // namespace

interval wilson(std::uint64_t found, std::uint64_t of) {
  if (of == 0)
    return {};
  const auto n = static_cast<double>(of), share = static_cast<double>(found) / n;
  const auto scale = 1 + z * z / n;
  const auto middle = (share + z * z / (2 * n)) / scale;
  const auto half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale;
  return {found == 0 ? 0 : middle - half, found == of ? 1 : middle + half};
}

moments capped_sum(std::uint64_t tries, double q, double part, double whole) {
  const auto n = static_cast<double>(tries);
  double mean = 0, square = 0;
  for (std::uint64_t i = 0; i <= tries; ++i) {
    const auto k = static_cast<double>(i);
    const auto chance = q <= 0   ? (i == 0 ? 1.0 : 0.0)
                        : q >= 1 ? (i == tries ? 1.0 : 0.0)
                                 : std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) -
                                            std::lgamma(n - k + 1) + k * std::log(q) +
                                            (n - k) * std::log1p(-q));
    const auto sum = std::min(k * part, whole);
    mean += chance * sum;
    square += chance * sum * sum;
  }
  return {mean, std::max(0.0, square - mean * mean)};
}

}  // namespace datagen::scenario
