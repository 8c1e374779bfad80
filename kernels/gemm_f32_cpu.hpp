#pragma once

#include <cstdint>

#include "gemm_f32.hpp"

namespace datagen::kernels {

/// Outputs that a micro kernel keeps in registers, two vectors wide.
#if defined(__AVX512F__)
inline constexpr std::uint32_t panel_rows = 14;     ///< 28 of 32 registers are sums
inline constexpr std::uint32_t panel_columns = 32;
#else
inline constexpr std::uint32_t panel_rows = 6;      ///< 12 of 16 registers are sums
inline constexpr std::uint32_t panel_columns = 16;
#endif
inline constexpr std::uint32_t tile_panels = 16;    ///< of A in a tile at most: they fit L2
inline constexpr std::uint32_t tile_columns = 256;

/// One chunk of k, packed: panels of panel_rows of A and panel_columns of B, k outermost in each.
/// Rows and columns beyond the matrix are zero and their results dropped; k is never padded,
/// because fma(0, 0, -0) is +0.
struct packed_chunk {
  const float* a;
  const float* b;
  std::uint32_t m, n;
  std::uint32_t row_tiles;  ///< A's panels are dealt out to them evenly: threads end together
  std::uint32_t depth;      ///< k values in this chunk, at most 512
  bool first;               ///< C is written, else added to
  bool last;                ///< NaNs become canonical
  float* c;
};

/// Copies the rows of panel number `panel` of A, columns [k0, k0+depth), to their place in `to`.
void pack_rows(const std::uint8_t* a, std::uint32_t m, std::uint32_t k, std::uint32_t k0,
               std::uint32_t depth, std::uint64_t panel, float* to);

/// Copies the columns of panel number `panel` of B, rows [k0, k0+depth), to their place in `to`.
void pack_columns(const std::uint8_t* b, std::uint32_t n, std::uint32_t k0, std::uint32_t depth,
                  std::uint64_t panel, float* to);

/// The chain of rule 3 for one panel of each; every output has its own lane. One per module.
void micro_kernel(const packed_chunk& chunk, const float* a, const float* b, std::uint32_t row,
                  std::uint32_t column);

/// C = A * B as rule 3 says, by tiles, on settings.threads threads. Sides of at least 1.
failure multiply_by_tiles(const run_settings& settings, const gemm_shape& shape,
                          const std::uint8_t* a, const std::uint8_t* b, float* c);

}  // namespace datagen::kernels
