#pragma once

#include "kernel.hpp"

namespace datagen::kernels {

/// `gemm.i8`: C = A * B of signed bytes, sums in 32 bits, exact: no sum can overflow.
///
/// Params: none.
/// Input, little-endian: "DGI1", u32 m, u32 k, u32 n, then A (m*k i8, row by row), B (k*n i8).
/// Output: "DGJ1", u32 m, u32 k, u32 n, then C (m*n i32, row by row).
/// Order: free, because integer sums have none. |C| <= 128 * 128 * k <= 2^28.
/// Units: 1 + m*k*n / 65536.
extern const kernel_definition gemm_i8;

}  // namespace datagen::kernels
