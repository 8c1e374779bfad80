#pragma once

#include <cstdint>

namespace datagen::kernels {

/// Outputs that a micro kernel keeps in registers, two vectors wide.
#if defined(__AVX512F__)
inline constexpr std::uint32_t panel_rows = 14;     ///< 28 of 32 registers are sums
inline constexpr std::uint32_t panel_columns = 32;
#else
inline constexpr std::uint32_t panel_rows = 6;      ///< 12 of 16 registers are sums
inline constexpr std::uint32_t panel_columns = 16;
#endif
inline constexpr std::uint32_t tile_rows = 16 * panel_rows;  ///< of a tile: its part of A fits L2
inline constexpr std::uint32_t tile_columns = 256;           ///< columns of a tile

/// One chunk of k, packed: panels of panel_rows of A and panel_columns of B, k outermost in each.
/// Rows and columns beyond the matrix are zero and their results dropped; k is never padded,
/// because fma(0, 0, -0) is +0.
struct packed_chunk {
  const float* a;
  const float* b;
  std::uint32_t m, n;
  std::uint32_t depth;  ///< k values in this chunk, at most 512
  bool first;           ///< C is written, else added to
  bool last;            ///< NaNs become canonical
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

/// Computes tile number `tile` (row-major over tiles) of C for this chunk.
void multiply_tile(const packed_chunk& chunk, std::uint64_t tile);

}  // namespace datagen::kernels
