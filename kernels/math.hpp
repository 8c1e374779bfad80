#pragma once

#include "host_device.hpp"

/// Elementary functions from fused multiply-adds alone (profile rule 4): no libm, so that every
/// device gives the same bits. Accuracy is tested against long double; it is not promised.
namespace datagen::kernels {

/// e^x for x in [-700, 700]; values outside are clamped to it, NaN becomes e^700.
DATAGEN_HD inline double exponential(double x) {
  x = x < 700.0 ? x : 700.0;
  x = x > -700.0 ? x : -700.0;
  constexpr double shift = 0x1.8p52;  // adding and subtracting it rounds to a whole number
  const double n = fused(x, 0x1.71547652b82fep0, shift) - shift;
  double r = fused(-n, 0x1.62e42fefa39efp-1, x);
  r = fused(-n, 0x1.abc9e3b39803fp-56, r);
  double p = 1.0 / 6227020800.0;  // Taylor, |r| <= ln(2)/2: the next term is below 2^-57
  p = fused(p, r, 1.0 / 479001600.0);
  p = fused(p, r, 1.0 / 39916800.0);
  p = fused(p, r, 1.0 / 3628800.0);
  p = fused(p, r, 1.0 / 362880.0);
  p = fused(p, r, 1.0 / 40320.0);
  p = fused(p, r, 1.0 / 5040.0);
  p = fused(p, r, 1.0 / 720.0);
  p = fused(p, r, 1.0 / 120.0);
  p = fused(p, r, 1.0 / 24.0);
  p = fused(p, r, 1.0 / 6.0);
  p = fused(p, r, 0.5);
  p = fused(p, r, 1.0);
  p = fused(p, r, 1.0);
  const auto biased = static_cast<std::uint64_t>(static_cast<std::int64_t>(n) + 1023);
  return p * bits_as<double>(biased << 52);
}

/// Natural logarithm of a positive normal number.
DATAGEN_HD inline double logarithm(double x) {
  std::uint64_t bits = bits_as<std::uint64_t>(x);
  auto exponent = static_cast<std::int64_t>(bits >> 52) - 1023;
  double m = bits_as<double>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 0x1.6a09e667f3bcdp0) {
    m = m * 0.5;
    exponent += 1;
  }
  const double s = (m - 1.0) / (m + 1.0);  // log m = 2 atanh(s), |s| <= 0.172
  const double z = s * s;
  double p = 1.0 / 23.0;
  p = fused(p, z, 1.0 / 21.0);
  p = fused(p, z, 1.0 / 19.0);
  p = fused(p, z, 1.0 / 17.0);
  p = fused(p, z, 1.0 / 15.0);
  p = fused(p, z, 1.0 / 13.0);
  p = fused(p, z, 1.0 / 11.0);
  p = fused(p, z, 1.0 / 9.0);
  p = fused(p, z, 1.0 / 7.0);
  p = fused(p, z, 1.0 / 5.0);
  p = fused(p, z, 1.0 / 3.0);
  const double twice = s + s;
  const double fraction = fused(twice * z, p, twice);
  const auto e = static_cast<double>(exponent);
  return fused(e, 0x1.62e42fefa39efp-1, fused(e, 0x1.abc9e3b39803fp-56, fraction));
}

/// Horner's rule over constant coefficients, highest power first.
template <int Count>
DATAGEN_HD inline double polynomial(const double (&c)[Count], double x) {
  double p = c[0];
  for (int i = 1; i < Count; ++i) p = fused(p, x, c[i]);
  return p;
}

/// Quantile of the standard normal distribution at p in (0, 1): Wichura's algorithm AS 241
/// (PPND16), Applied Statistics 37 (1988), relative error about 1e-16.
DATAGEN_HD inline double normal_quantile(double p) {
  constexpr double a[] = {2.5090809287301226727e3, 3.3430575583588128105e4,
                          6.7265770927008700853e4, 4.5921953931549871457e4,
                          1.3731693765509461125e4, 1.9715909503065514427e3,
                          1.3314166789178437745e2, 3.3871328727963666080e0};
  constexpr double b[] = {5.2264952788528545610e3, 2.8729085735721942674e4,
                          3.9307895800092710610e4, 2.1213794301586595867e4,
                          5.3941960214247511077e3, 6.8718700749205790830e2,
                          4.2313330701600911252e1, 1.0};
  constexpr double c[] = {7.74545014278341407640e-4, 2.27238449892691845833e-2,
                          2.41780725177450611770e-1, 1.27045825245236838258e0,
                          3.64784832476320460504e0,  5.76949722146069140550e0,
                          4.63033784615654529590e0,  1.42343711074968357734e0};
  constexpr double d[] = {1.05075007164441684324e-9, 5.47593808499534494600e-4,
                          1.51986665636164571966e-2, 1.48103976427480074590e-1,
                          6.89767334985100004550e-1, 1.67638483018380384940e0,
                          2.05319162663775882187e0,  1.0};
  constexpr double e[] = {2.01033439929228813265e-7, 2.71155556874348757815e-5,
                          1.24266094738807843860e-3, 2.65321895265761230930e-2,
                          2.96560571828504891230e-1, 1.78482653991729133580e0,
                          5.46378491116411436990e0,  6.65790464350110377720e0};
  constexpr double f[] = {2.04426310338993978564e-15, 1.42151175831644588870e-7,
                          1.84631831751005468180e-5,  7.86869131145613259100e-4,
                          1.48753612908506148525e-2,  1.36929880922735805310e-1,
                          5.99832206555887937690e-1,  1.0};
  const double q = p - 0.5;
  if (q > -0.425 && q < 0.425) {
    const double r = fused(-q, q, 0.180625);
    return q * polynomial(a, r) / polynomial(b, r);
  }
  const double tail = square_root(-logarithm(q < 0 ? p : 1.0 - p));
  const double size = tail <= 5.0
                          ? polynomial(c, tail - 1.6) / polynomial(d, tail - 1.6)
                          : polynomial(e, tail - 5.0) / polynomial(f, tail - 5.0);
  return q < 0 ? -size : size;
}

/// Sine and cosine of an angle in turns.
template <class Real>
struct sine_cosine {
  Real sine, cosine;
};

/// Both for `turns` in [0, 1], in f64. Reduced to an eighth of a turn, then Taylor.
DATAGEN_HD inline sine_cosine<double> sine_cosine_turns(double turns) {
  constexpr double shift = 0x1.8p52;
  const double quarter = fused(turns, 4.0, shift) - shift;
  const double x = fused(quarter, -0.25, turns) * 0x1.921fb54442d18p2;
  const double z = x * x;
  constexpr double s[] = {1.0 / 355687428096000.0, -1.0 / 1307674368000.0, 1.0 / 6227020800.0,
                          -1.0 / 39916800.0,       1.0 / 362880.0,         -1.0 / 5040.0,
                          1.0 / 120.0,             -1.0 / 6.0,             1.0};
  constexpr double c[] = {1.0 / 20922789888000.0, -1.0 / 87178291200.0, 1.0 / 479001600.0,
                          -1.0 / 3628800.0,       1.0 / 40320.0,        -1.0 / 720.0,
                          1.0 / 24.0,             -0.5,                 1.0};
  const double sine = polynomial(s, z) * x;
  const double cosine = polynomial(c, z);
  const int n = static_cast<int>(quarter) & 3;
  if (n == 0) return {sine, cosine};
  if (n == 1) return {cosine, -sine};
  return n == 2 ? sine_cosine<double>{-sine, -cosine} : sine_cosine<double>{-cosine, sine};
}

/// The same in f32.
DATAGEN_HD inline sine_cosine<float> sine_cosine_turns(float turns) {
  constexpr float shift = 0x1.8p23f;
  const float quarter = fused(turns, 4.0f, shift) - shift;
  const float x = fused(quarter, -0.25f, turns) * 0x1.921fb6p2f;
  const float z = x * x;
  float s = fused(z, 1.0f / 362880.0f, -1.0f / 5040.0f);
  s = fused(s, z, 1.0f / 120.0f);
  s = fused(s, z, -1.0f / 6.0f);
  const float sine = fused(s * z, x, x);
  float c = fused(z, 1.0f / 40320.0f, -1.0f / 720.0f);
  c = fused(c, z, 1.0f / 24.0f);
  c = fused(c, z, -0.5f);
  const float cosine = fused(c, z, 1.0f);
  const int n = static_cast<int>(quarter) & 3;
  if (n == 0) return {sine, cosine};
  if (n == 1) return {cosine, -sine};
  return n == 2 ? sine_cosine<float>{-sine, -cosine} : sine_cosine<float>{-cosine, sine};
}

}  // namespace datagen::kernels
