#include <immintrin.h>

#include "gemm_i8_cpu.hpp"

#define DATAGEN_VNNI_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))

namespace datagen::kernels {
namespace {

constexpr std::uint32_t rows = 14, columns = 32, group = 4;
constexpr std::uint32_t header = 64;  ///< `rows` corrections, padded to a cache line

/// vpdpbusd multiplies unsigned by signed bytes, so B is stored plus 128; each row's sum of A times
/// 128 is taken off again, by starting there.
void pack_a(const std::int8_t* a, std::uint32_t m, std::uint32_t k, std::uint32_t k0,
            std::uint32_t depth, std::uint32_t panel, std::uint8_t* to) {
  std::int32_t start[header / 4] = {};
  for (std::uint32_t i = 0; i < rows && panel * rows + i < m; ++i) {
    const std::int8_t* from = a + (std::uint64_t{panel} * rows + i) * k + k0;
    for (std::uint32_t j = 0; j < depth; ++j) start[i] -= 128 * from[j];
  }
  std::memcpy(to, start, header);
  pack_i8_rows<std::int8_t, rows, group>(a, m, k, k0, depth, panel,
                                         reinterpret_cast<std::int8_t*>(to + header));
}

/// Four lines of 32 bytes as 32 groups of four, plus 128.
void pack_whole_group(const std::int8_t* from, std::uint32_t n, std::uint8_t* to) {
  const __m128i offset = _mm_set1_epi8(-128);
  for (std::uint32_t half = 0; half < 2; ++half, from += 16, to += 64) {
    __m128i line[4];
    for (std::uint32_t j = 0; j < 4; ++j)
      line[j] = _mm_xor_si128(
          offset, _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + std::uint64_t{j} * n)));
    const __m128i low01 = _mm_unpacklo_epi8(line[0], line[1]);
    const __m128i low23 = _mm_unpacklo_epi8(line[2], line[3]);
    const __m128i high01 = _mm_unpackhi_epi8(line[0], line[1]);
    const __m128i high23 = _mm_unpackhi_epi8(line[2], line[3]);
    auto* out = reinterpret_cast<__m128i*>(to);
    _mm_store_si128(out, _mm_unpacklo_epi16(low01, low23));
    _mm_store_si128(out + 1, _mm_unpackhi_epi16(low01, low23));
    _mm_store_si128(out + 2, _mm_unpacklo_epi16(high01, high23));
    _mm_store_si128(out + 3, _mm_unpackhi_epi16(high01, high23));
  }
}

void pack_b(const std::int8_t* b, std::uint32_t n, std::uint32_t k0, std::uint32_t depth,
            std::uint32_t panel, std::uint8_t* to) {
  const std::uint32_t wide = std::min(columns, n - panel * columns);
  for (std::uint32_t k = 0; k < depth; k += group, to += columns * group) {
    const std::int8_t* from = b + (std::uint64_t{k0} + k) * n + panel * columns;
    if (wide == columns && k + group <= depth)
      pack_whole_group(from, n, to);
    else
      pack_i8_group<std::uint8_t, columns, group>(from, n, std::min(group, depth - k), wide, 128,
                                                  to);
  }
}

/// 14x32 sums: 28 accumulators. |sum| <= 255 * 128 * 16384 < 2^30.
DATAGEN_VNNI_TARGET void multiply(const i8_chunk& chunk, const std::uint8_t* a,
                                  const std::uint8_t* b, std::uint32_t row, std::uint32_t column) {
  std::int32_t start[header / 4];
  std::memcpy(start, a, header);
  a += header;
  __m512i sum[rows][2];
#pragma GCC unroll 14
  for (std::uint32_t i = 0; i < rows; ++i) sum[i][0] = sum[i][1] = _mm512_set1_epi32(start[i]);
  for (std::uint32_t g = 0; g < chunk.groups; ++g) {
    const __m512i b0 = _mm512_load_si512(b);
    const __m512i b1 = _mm512_load_si512(b + 64);
#pragma GCC unroll 14
    for (std::uint32_t i = 0; i < rows; ++i) {
      std::int32_t four;
      std::memcpy(&four, a + 4 * i, sizeof four);
      const __m512i value = _mm512_set1_epi32(four);
      sum[i][0] = _mm512_dpbusd_epi32(sum[i][0], b0, value);
      sum[i][1] = _mm512_dpbusd_epi32(sum[i][1], b1, value);
    }
    a += 4 * rows;
    b += 4 * columns;
  }
  alignas(64) std::int32_t block[rows][columns];
#pragma GCC unroll 14
  for (std::uint32_t i = 0; i < rows; ++i) {
    _mm512_store_si512(&block[i][0], sum[i][0]);
    _mm512_store_si512(&block[i][16], sum[i][1]);
  }
  store_i8_block(chunk, block, row, column);
}

}  // namespace

const i8_path i8_vnni_path{rows, columns, group, 1024, 4 * rows, 4 * columns, header,
                           pack_a, pack_b, multiply};

bool has_avx512_vnni() { return __builtin_cpu_supports("avx512vnni") != 0; }

const i8_path& best_i8_path() { return has_avx512_vnni() ? i8_vnni_path : i8_avx2_path; }

}  // namespace datagen::kernels
