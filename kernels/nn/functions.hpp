#pragma once

#include "../math.hpp"

/// Elementary functions of `nn.infer` (profile rule 4), all of f32.
namespace datagen::kernels::nn {

/// e^x, about 1 ulp. Below -87 it is +0, above 88 it is e^88; NaN becomes e^88.
DATAGEN_HD inline float exponential(float x) {
  const bool vanishes = x < -87.0f;
  x = x < 88.0f ? x : 88.0f;
  x = x > -87.0f ? x : -87.0f;
  constexpr float shift = 0x1.8p23f;  // adding and subtracting it rounds to a whole number
  const float n = fused(x, 0x1.715476p0f, shift) - shift;
  float r = fused(-n, 0x1.62e4p-1f, x);  // ln 2 in two parts, the first times n exactly
  r = fused(-n, 0x1.7f7d1cp-20f, r);
  float p = 1.0f / 5040.0f;  // Taylor, |r| <= ln(2)/2: the next term is below 2^-27
  p = fused(p, r, 1.0f / 720.0f);
  p = fused(p, r, 1.0f / 120.0f);
  p = fused(p, r, 1.0f / 24.0f);
  p = fused(p, r, 1.0f / 6.0f);
  p = fused(p, r, 0.5f);
  p = fused(p, r, 1.0f);
  p = fused(p, r, 1.0f);
  const auto biased = static_cast<std::uint32_t>(static_cast<std::int32_t>(n) + 127);
  return vanishes ? 0.0f : p * bits_as<float>(biased << 23);
}

/// erf x, computed in f64 and rounded once. Chebyshev fit of erf(x)/x over u = x^2/8 - 1 in
/// [-1, 1], relative error 2e-11; from 4 on erf rounds to 1. NaN becomes -1.
DATAGEN_HD inline float error_function(float x) {
  constexpr double c[] = {0x1.bcca6519bca18p-17,  -0x1.33fa989c735cdp-15, 0x1.04a8f7faede8dp-15,
                          -0x1.2f52601c75c03p-14, 0x1.39b77cac89325p-12,  -0x1.60e3f7feb4b40p-11,
                          0x1.4d880952540a6p-10,  -0x1.4ba8b8d29c592p-9,  0x1.3ecef0772c3fap-8,
                          -0x1.1ac9ff2b110e5p-7,  0x1.d614c1f2086fcp-7,   -0x1.701601183c668p-6,
                          0x1.0ed6ed33f6d28p-5,   -0x1.76eb44de53b44p-5,  0x1.ea97b8abf5de8p-5,
                          -0x1.3215b339cc542p-4,  0x1.717efe4c05492p-4,   -0x1.b92e9780fff7cp-4,
                          0x1.0dabaf0032b49p-3,   -0x1.69a0ccd72c8b0p-3,  0x1.6a040781a7bf1p-2};
  if (!(x > -4.0f))
    return -1.0f;
  if (x >= 4.0f)
    return 1.0f;
  const double wide = x;
  const double y = wide * polynomial(c, fused(wide, wide * 0.125, -1.0));
  return static_cast<float>(y);
}

/// 1 / (1 + e^-x), computed in f64 and rounded once. NaN becomes 0.
DATAGEN_HD inline float logistic(float x) {
  const double wide = x;
  return static_cast<float>(1.0 / (1.0 + kernels::exponential(-wide)));
}

/// tanh x = 2 logistic(2x) - 1 in f64, rounded once; tiny x keep about 1e-16 of absolute error.
DATAGEN_HD inline float hyperbolic_tangent(float x) {
  const double twice = 2.0 * static_cast<double>(x);
  return static_cast<float>(2.0 / (1.0 + kernels::exponential(-twice)) - 1.0);
}

}  // namespace datagen::kernels::nn
