#include "gemm_f32_avx2.hpp"

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

/// The chain of rule 3 for 6x16 outputs at once; every output has its own accumulator lane.
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
  store_block(chunk, sum, row, column);
}

}  // namespace

void pack_rows(const std::uint8_t* a, std::uint32_t m, std::uint32_t k, std::uint32_t k0,
               std::uint32_t depth, std::uint64_t panel, float* to) {
  to += panel * panel_rows * depth;
  for (std::uint32_t i = 0; i < panel_rows; ++i) {
    const std::uint64_t row = panel * panel_rows + i;
    const std::uint8_t* from = a + (row * k + k0) * sizeof(float);
    for (std::uint32_t j = 0; j < depth; ++j) {
      float value = 0;
      if (row < m) std::memcpy(&value, from + j * sizeof(float), sizeof value);
      to[j * panel_rows + i] = value;
    }
  }
}

void pack_columns(const std::uint8_t* b, std::uint32_t n, std::uint32_t k0, std::uint32_t depth,
                  std::uint64_t panel, float* to) {
  to += panel * panel_columns * depth;
  const std::uint64_t column = panel * panel_columns;
  const std::uint64_t columns = std::min<std::uint64_t>(panel_columns, n - column);
  for (std::uint32_t j = 0; j < depth; ++j) {
    float* line = to + j * panel_columns;
    std::memcpy(line, b + ((std::uint64_t{k0} + j) * n + column) * sizeof(float),
                columns * sizeof(float));
    std::fill(line + columns, line + panel_columns, 0.0f);
  }
}

void multiply_tile(const packed_chunk& chunk, std::uint64_t tile) {
  const std::uint32_t across = (chunk.n + tile_columns - 1) / tile_columns;
  const auto row0 = static_cast<std::uint32_t>(tile / across) * tile_rows;
  const auto column0 = static_cast<std::uint32_t>(tile % across) * tile_columns;
  const std::uint32_t row_end = std::min(chunk.m, row0 + tile_rows);
  const std::uint32_t column_end = std::min(chunk.n, column0 + tile_columns);
  for (std::uint32_t column = column0; column < column_end; column += panel_columns)
    for (std::uint32_t row = row0; row < row_end; row += panel_rows)
      micro_kernel(chunk, chunk.a + std::uint64_t{row} * chunk.depth,
                   chunk.b + std::uint64_t{column} * chunk.depth, row, column);
}

}  // namespace datagen::kernels
