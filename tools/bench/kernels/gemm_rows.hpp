#pragma once

#include <cstdint>
#include <vector>

#include "kernels/registry.hpp"

namespace datagen::tools {

/// `count` bytes, the same each time.
std::vector<std::uint8_t> noise(std::size_t count);

/// Two n x n matrices as gemm.f32 reads them.
std::vector<std::uint8_t> matrices(std::uint32_t n);

/// OpenBLAS chooses its loops by the processor's model number and takes the oldest for a model that
/// came after it: a peer at an eighth of its speed. Then this starts the program again, with the
/// loops for the instructions that are there.
void let_openblas_use_its_best(char** arguments);

/// gemm.f32 beside OpenBLAS, gemm.i8 beside it, and a plain triple loop.
void print_gemm_rows(const kernels::registry& kernels);

}  // namespace datagen::tools
