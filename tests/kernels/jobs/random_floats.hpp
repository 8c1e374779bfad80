#pragma once

#include <cstring>
#include <limits>

#include "random_source.hpp"

namespace datagen::kernels::testing {

/// Which f32 values a random job holds.
enum class float_kind {
  plain,       ///< [-1, 1)
  wide_range,  ///< exponents from -45 to 44
  hostile      ///< wide_range, one in fifty a NaN, an infinity, -0, a subnormal or the maximum
};

inline float some_float(random_source& random, float_kind kind) {
  const auto bits = static_cast<std::uint32_t>(random.next());
  if (kind == float_kind::hostile && random.below(50) == 0) {
    using limits = std::numeric_limits<float>;
    const float special[] = {
      limits::quiet_NaN(),  -limits::quiet_NaN(), limits::infinity(), -limits::infinity(), -0.0f,
      limits::denorm_min(), -limits::min() / 3,   limits::max()};
    return special[random.below(8)];
  }
  if (kind == float_kind::plain)
    return static_cast<float>(bits >> 8) * 0x1p-23f - 1.0f;
  const auto exponent = static_cast<std::uint32_t>(127 - 45 + random.below(90));
  const std::uint32_t built = (bits & 0x807fffff) | (exponent << 23);
  float value;
  std::memcpy(&value, &built, 4);
  return value;
}

}  // namespace datagen::kernels::testing
