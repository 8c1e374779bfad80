#pragma once

#include <cstdint>

namespace datagen::kernels {

inline constexpr std::uint32_t panel_rows = 6;      ///< rows of C a micro kernel keeps in registers
inline constexpr std::uint32_t panel_columns = 16;  ///< columns: two vectors of eight
inline constexpr std::uint32_t tile_rows = 96;      ///< rows of a tile: its part of A fits L2
inline constexpr std::uint32_t tile_columns = 256;  ///< columns of a tile

/// One chunk of k, packed: panels of 6 rows of A and of 16 columns of B, k outermost in each.
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

/// Copies rows 6i..6i+5 of A, columns [k0, k0+depth), into panel i of `to`.
void pack_rows(const std::uint8_t* a, std::uint32_t m, std::uint32_t k, std::uint32_t k0,
               std::uint32_t depth, std::uint64_t panel, float* to);

/// Copies columns 16j..16j+15 of B, rows [k0, k0+depth), into panel j of `to`.
void pack_columns(const std::uint8_t* b, std::uint32_t n, std::uint32_t k0, std::uint32_t depth,
                  std::uint64_t panel, float* to);

/// Computes tile number `tile` (row-major over tiles) of C for this chunk.
void multiply_tile(const packed_chunk& chunk, std::uint64_t tile);

}  // namespace datagen::kernels
