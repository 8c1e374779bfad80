#include "gemm_f32_cpu.hpp"

#include <immintrin.h>

#include <algorithm>
#include <cstring>

namespace datagen::kernels {
namespace {

constexpr std::size_t vectors = 2;  // per row

/// Adds the 6x16 block to C or writes it, dropping what lies outside.
void store_block(const packed_chunk& chunk, const __m256 (&sum)[panel_rows][vectors],
                 std::uint32_t row, std::uint32_t column) {
  const __m256 canonical = _mm256_castsi256_ps(_mm256_set1_epi32(0x7fc00000));
  const std::uint32_t rows = std::min(panel_rows, chunk.m - row);
  const std::uint32_t columns = std::min(panel_columns, chunk.n - column);
  for (std::uint32_t i = 0; i < rows; ++i) {
    float* c = chunk.c + std::uint64_t{row + i} * chunk.n + column;
    alignas(32) float edge[panel_columns] = {};
    float* at = columns == panel_columns ? c : edge;
    if (at == edge && !chunk.first) std::memcpy(edge, c, columns * sizeof(float));
    for (std::size_t v = 0; v < vectors; ++v) {
      __m256 value = sum[i][v];
      if (!chunk.first) value = _mm256_add_ps(_mm256_loadu_ps(at + 8 * v), value);
      if (chunk.last)
        value = _mm256_blendv_ps(value, canonical, _mm256_cmp_ps(value, value, _CMP_UNORD_Q));
      _mm256_storeu_ps(at + 8 * v, value);
    }
    if (at == edge) std::memcpy(c, edge, columns * sizeof(float));
  }
}

}  // namespace

void micro_kernel(const packed_chunk& chunk, const float* a, const float* b, std::uint32_t row,
                  std::uint32_t column) {
  __m256 sum[panel_rows][vectors];
#pragma GCC unroll 6
  for (auto& line : sum) line[0] = line[1] = _mm256_setzero_ps();
  for (std::uint32_t k = 0; k < chunk.depth; ++k) {
    const __m256 b0 = _mm256_load_ps(b);
    const __m256 b1 = _mm256_load_ps(b + 8);
#pragma GCC unroll 6
    for (std::size_t i = 0; i < panel_rows; ++i) {
      const __m256 value = _mm256_broadcast_ss(a + i);
      sum[i][0] = _mm256_fmadd_ps(value, b0, sum[i][0]);
      sum[i][1] = _mm256_fmadd_ps(value, b1, sum[i][1]);
    }
    a += panel_rows;
    b += panel_columns;
  }
  // A copy, so that g++ keeps `sum` in registers: an array whose address escapes is stored in each
  // turn of the loop above, which halves the speed.
  __m256 finished[panel_rows][vectors];
#pragma GCC unroll 6
  for (std::size_t i = 0; i < panel_rows; ++i) {
    finished[i][0] = sum[i][0];
    finished[i][1] = sum[i][1];
  }
  store_block(chunk, finished, row, column);
}

}  // namespace datagen::kernels
