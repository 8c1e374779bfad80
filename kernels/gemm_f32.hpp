#pragma once

#include "kernel.hpp"

namespace datagen::kernels {

/// `gemm.f32`: C = A * B in single precision with a fixed order of every operation.
///
/// Params: none.
/// Input, little-endian: "DGM1", u32 m, u32 k, u32 n, then A (m*k f32, row by row), B (k*n f32).
/// Output: "DGC1", u32 m, u32 k, u32 n, then C (m*n f32, row by row).
/// Order (profile rule 3): k is cut into chunks of 512; in each a chain of fused multiply-adds from
/// +0 over k ascending; C is the first chunk's value, then the others are added ascending. NaNs
/// leave as 0x7fc00000 (rule 6), -0 and subnormals are kept.
/// Units: 1 + m*k*n / 32768.
extern const kernel_definition gemm_f32;

inline constexpr std::uint32_t gemm_chunk = 512;  ///< profile rule 3

/// C (m x n) = A (m x k) * B (k x n), each row by row.
struct gemm_shape {
  std::uint32_t m = 0, k = 0, n = 0;
};

}  // namespace datagen::kernels
