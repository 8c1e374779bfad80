#pragma once

#include <cstdint>
#include <vector>

#include "kernels/registry.hpp"

namespace datagen::tools {

/// `count` bytes, the same each time.
std::vector<std::uint8_t> noise(std::size_t count);

/// Two n x n matrices as gemm.f32 reads them.
std::vector<std::uint8_t> matrices(std::uint32_t n);

/// gemm.f32 beside OpenBLAS, gemm.i8 beside it, and a plain triple loop.
void print_gemm_rows(const kernels::registry& kernels);

}  // namespace datagen::tools
