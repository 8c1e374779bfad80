#include <immintrin.h>

#include "gemm_i8_cpu.hpp"

namespace datagen::kernels {
namespace {

constexpr std::uint32_t rows = 6, columns = 16, group = 2;

void pack_a(const std::int8_t* a, std::uint32_t m, std::uint32_t k, std::uint32_t k0,
            std::uint32_t depth, std::uint32_t panel, std::uint8_t* to) {
  pack_i8_rows<std::int16_t, rows, group>(a, m, k, k0, depth, panel,
                                          reinterpret_cast<std::int16_t*>(to));
}

/// Two lines of 16 bytes as 16 pairs of 16-bit numbers.
void pack_whole_group(const std::int8_t* from, std::uint32_t n, std::int16_t* to) {
  const __m128i even = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  const __m128i odd = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + n));
  auto* out = reinterpret_cast<__m256i*>(to);
  _mm256_store_si256(out, _mm256_cvtepi8_epi16(_mm_unpacklo_epi8(even, odd)));
  _mm256_store_si256(out + 1, _mm256_cvtepi8_epi16(_mm_unpackhi_epi8(even, odd)));
}

void pack_b(const std::int8_t* b, std::uint32_t n, std::uint32_t k0, std::uint32_t depth,
            std::uint32_t panel, std::uint8_t* to) {
  const std::uint32_t wide = std::min(columns, n - panel * columns);
  auto* line = reinterpret_cast<std::int16_t*>(to);
  for (std::uint32_t k = 0; k < depth; k += group, line += columns * group) {
    const std::int8_t* from = b + (std::uint64_t{k0} + k) * n + panel * columns;
    if (wide == columns && k + group <= depth)
      pack_whole_group(from, n, line);
    else
      pack_i8_group<std::int16_t, columns, group>(from, n, std::min(group, depth - k), wide, 0,
                                                  line);
  }
}

/// 6x16 sums; vpmaddwd adds two exact products, which cannot overflow 32 bits.
void multiply(const i8_chunk& chunk, const std::uint8_t* a, const std::uint8_t* b,
              std::uint32_t row, std::uint32_t column) {
  __m256i sum[rows][2];
#pragma GCC unroll 6
  for (auto& line : sum) line[0] = line[1] = _mm256_setzero_si256();
  for (std::uint32_t g = 0; g < chunk.groups; ++g) {
    const __m256i b0 = _mm256_load_si256(reinterpret_cast<const __m256i*>(b));
    const __m256i b1 = _mm256_load_si256(reinterpret_cast<const __m256i*>(b + 32));
#pragma GCC unroll 6
    for (std::uint32_t i = 0; i < rows; ++i) {
      std::int32_t pair;
      std::memcpy(&pair, a + 4 * i, sizeof pair);
      const __m256i value = _mm256_set1_epi32(pair);
      sum[i][0] = _mm256_add_epi32(sum[i][0], _mm256_madd_epi16(value, b0));
      sum[i][1] = _mm256_add_epi32(sum[i][1], _mm256_madd_epi16(value, b1));
    }
    a += 4 * rows;
    b += 4 * columns;
  }
  alignas(32) std::int32_t block[rows][columns];
  for (std::uint32_t i = 0; i < rows; ++i)
    for (std::uint32_t v = 0; v < 2; ++v)
      _mm256_store_si256(reinterpret_cast<__m256i*>(&block[i][8 * v]), sum[i][v]);
  store_i8_block(chunk, block, row, column);
}

}  // namespace

const i8_path i8_avx2_path{rows, columns, group, 512, 4 * rows, 4 * columns, 0,
                           pack_a, pack_b, multiply};

#if !defined(__AVX512F__)
const i8_path& best_i8_path() { return i8_avx2_path; }
#endif

}  // namespace datagen::kernels
