#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

/// Marks a function that g++ compiles for the host and nvcc for both sides.
#if defined(__CUDACC__)
#define DATAGEN_HD __host__ __device__
#else
#define DATAGEN_HD
#endif

namespace datagen::kernels {

/// a*b+c with one rounding. The profile (rule 2) fuses only where the source says so.
DATAGEN_HD inline float fused(float a, float b, float c) {
#if defined(__CUDA_ARCH__)
  return __fmaf_rn(a, b, c);
#else
  return __builtin_fmaf(a, b, c);
#endif
}

DATAGEN_HD inline double fused(double a, double b, double c) {
#if defined(__CUDA_ARCH__)
  return __fma_rn(a, b, c);
#else
  return __builtin_fma(a, b, c);
#endif
}

/// Correctly rounded square root.
DATAGEN_HD inline float square_root(float a) {
#if defined(__CUDA_ARCH__)
  return __fsqrt_rn(a);
#else
  return __builtin_sqrtf(a);
#endif
}

DATAGEN_HD inline double square_root(double a) {
#if defined(__CUDA_ARCH__)
  return __dsqrt_rn(a);
#else
  return __builtin_sqrt(a);
#endif
}

/// Profile rule 5: exactly this spelling; the second operand wins when either is NaN.
template <class T>
DATAGEN_HD inline T least(T a, T b) {
  return a < b ? a : b;
}

template <class T>
DATAGEN_HD inline T greatest(T a, T b) {
  return a > b ? a : b;
}

/// Bits of `from` as a `To` of the same size.
template <class To, class From>
DATAGEN_HD inline To bits_as(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  memcpy(&to, &from, sizeof to);
  return to;
}

/// Profile rule 6: every NaN leaves as 0x7fc00000; all else, -0 too, leaves as it is.
DATAGEN_HD inline float canonical_nan(float value) {
  return value != value ? bits_as<float>(std::uint32_t{0x7fc00000}) : value;
}

}  // namespace datagen::kernels
