#pragma once

#include "../math.hpp"

namespace datagen::kernels::render {

/// Displayed value 0..255 of linear radiance: Narkowicz's fit of the ACES film curve (2016), then
/// the transfer function of IEC 61966-2-1 (sRGB), rounded. Host only, f64.
inline std::uint8_t displayed(float radiance) {
  double x = static_cast<double>(radiance);
  x = x > 0 ? x : 0;  // NaN too
  x = x < 1e6 ? x : 1e6;
  double y = x * fused(2.51, x, 0.03) / fused(x, fused(2.43, x, 0.59), 0.14);
  y = y < 1 ? y : 1;
  const double coded = y <= 0.0031308
                           ? 12.92 * y
                           : fused(1.055, exponential(logarithm(y) / 2.4), -0.055);
  return static_cast<std::uint8_t>(fused(coded, 255.0, 0.5));
}

}  // namespace datagen::kernels::render
