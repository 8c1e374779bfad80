#include <immintrin.h>

#include <algorithm>

#include "gemm_f32_cpu.hpp"

namespace datagen::kernels {
namespace {

constexpr std::uint32_t vectors = 2;  // per row

/// Which of `columns` columns vector `v` holds.
__mmask16 lanes_of(std::uint32_t columns, std::uint32_t v) {
  const std::uint32_t here = columns > 16 * v ? std::min(16u, columns - 16 * v) : 0;
  return static_cast<__mmask16>((1u << here) - 1);
}

/// Asks for the block of C that store_block touches a few microseconds later.
void prefetch_block(const packed_chunk& chunk, std::uint32_t row, std::uint32_t column) {
  const std::uint32_t rows = std::min(panel_rows, chunk.m - row);
  const float* c = chunk.c + std::uint64_t{row} * chunk.n + column;
  for (std::uint32_t i = 0; i < rows; ++i, c += chunk.n)
    for (std::uint32_t v = 0; v <= vectors; ++v)  // its lines are cut by C's alignment
      __builtin_prefetch(c + 16 * v, 1, 2);
}

/// Adds the 14x32 block to C or writes it, dropping what lies outside.
void store_block(const packed_chunk& chunk, const __m512 (&sum)[panel_rows][vectors],
                 std::uint32_t row, std::uint32_t column) {
  const __m512 canonical = _mm512_castsi512_ps(_mm512_set1_epi32(0x7fc00000));
  const std::uint32_t rows = std::min(panel_rows, chunk.m - row);
  const std::uint32_t columns = std::min(panel_columns, chunk.n - column);
  const __mmask16 lanes[vectors] = {lanes_of(columns, 0), lanes_of(columns, 1)};
  for (std::uint32_t i = 0; i < rows; ++i) {
    float* c = chunk.c + std::uint64_t{row + i} * chunk.n + column;
    for (std::uint32_t v = 0; v < vectors; ++v) {
      __m512 value = sum[i][v];
      if (!chunk.first) value = _mm512_add_ps(_mm512_maskz_loadu_ps(lanes[v], c + 16 * v), value);
      if (chunk.last)
        value = _mm512_mask_blend_ps(_mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q), value,
                                     canonical);
      _mm512_mask_storeu_ps(c + 16 * v, lanes[v], value);
    }
  }
}

}  // namespace

void micro_kernel(const packed_chunk& chunk, const float* a, const float* b, std::uint32_t row,
                  std::uint32_t column) {
  prefetch_block(chunk, row, column);
  __m512 sum[panel_rows][vectors];
#pragma GCC unroll 14
  for (auto& line : sum) line[0] = line[1] = _mm512_setzero_ps();
  for (std::uint32_t k = 0; k < chunk.depth; ++k) {
    const __m512 b0 = _mm512_load_ps(b);
    const __m512 b1 = _mm512_load_ps(b + 16);
    _mm_prefetch(b + 16 * panel_columns, _MM_HINT_T0);
    _mm_prefetch(b + 16 * panel_columns + 16, _MM_HINT_T0);
    _mm_prefetch(a + 32 * panel_rows, _MM_HINT_T0);
#pragma GCC unroll 14
    for (std::uint32_t i = 0; i < panel_rows; ++i) {
      const __m512 value = _mm512_set1_ps(a[i]);
      sum[i][0] = _mm512_fmadd_ps(value, b0, sum[i][0]);
      sum[i][1] = _mm512_fmadd_ps(value, b1, sum[i][1]);
    }
    a += panel_rows;
    b += panel_columns;
  }
  // A copy, so that g++ keeps `sum` in registers: an array whose address escapes is stored in each
  // turn of the loop above, which halves the speed.
  __m512 finished[panel_rows][vectors];
#pragma GCC unroll 14
  for (std::size_t i = 0; i < panel_rows; ++i) {
    finished[i][0] = sum[i][0];
    finished[i][1] = sum[i][1];
  }
  store_block(chunk, finished, row, column);
}

}  // namespace datagen::kernels
