#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace datagen::kernels {

/// One chunk of k, packed: panels of rows of A and of columns of B. Within a panel k comes in
/// groups, `group` values of one row or column side by side; missing rows, columns and k are zero.
struct i8_chunk {
  const std::uint8_t* a;
  const std::uint8_t* b;
  std::uint32_t m, n;
  std::uint32_t groups;  ///< of k in this chunk
  bool first;            ///< C is written, else added to
  std::int32_t* c;
};

/// A way to compute C on one instruction set.
struct i8_path {
  std::uint32_t panel_rows, panel_columns;
  std::uint32_t group;                    ///< k values that one instruction sums
  std::uint32_t depth;                    ///< k values per chunk
  std::uint32_t a_line, b_line;           ///< bytes of one group in a panel of A, of B
  std::uint32_t a_header;                 ///< bytes in front of a panel of A
  /// Packs rows [panel*panel_rows, ...) of A, columns [k0, k0+depth), to `to`, the panel's place.
  void (*pack_rows)(const std::int8_t* a, std::uint32_t m, std::uint32_t k, std::uint32_t k0,
                    std::uint32_t depth, std::uint32_t panel, std::uint8_t* to);
  /// Packs columns [panel*panel_columns, ...) of B, rows [k0, k0+depth).
  void (*pack_columns)(const std::int8_t* b, std::uint32_t n, std::uint32_t k0,
                       std::uint32_t depth, std::uint32_t panel, std::uint8_t* to);
  /// Computes the block of C at (row, column) from one panel of each.
  void (*multiply)(const i8_chunk& chunk, const std::uint8_t* a, const std::uint8_t* b,
                   std::uint32_t row, std::uint32_t column);

  std::uint64_t a_panel_bytes(std::uint32_t groups) const {
    return a_header + std::uint64_t{groups} * a_line;
  }
  std::uint64_t b_panel_bytes(std::uint32_t groups) const { return std::uint64_t{groups} * b_line; }
};

/// The fastest path of this module on this processor.
const i8_path& best_i8_path();

extern const i8_path i8_avx2_path;  ///< bytes widened to 16 bits, vpmaddwd
#if defined(__AVX512F__)
extern const i8_path i8_vnni_path;  ///< vpdpbusd. @pre has_avx512_vnni()
bool has_avx512_vnni();
#endif

/// Copies rows into a panel of elements of type `To`.
template <class To, std::uint32_t Rows, std::uint32_t Group>
void pack_i8_rows(const std::int8_t* a, std::uint32_t m, std::uint32_t k, std::uint32_t k0,
                  std::uint32_t depth, std::uint32_t panel, To* to) {
  const std::uint32_t whole = depth / Group;
  const std::uint32_t rest = depth % Group;
  for (std::uint32_t i = 0; i < Rows; ++i) {
    const std::uint64_t row = std::uint64_t{panel} * Rows + i;
    const std::int8_t* from = row < m ? a + row * k + k0 : nullptr;
    To* line = to + i * Group;
    for (std::uint32_t g = 0; g < whole + (rest != 0); ++g, line += Rows * Group) {
      const std::uint32_t count = from == nullptr ? 0 : g < whole ? Group : rest;
      if (count == Group)
        for (std::uint32_t j = 0; j < Group; ++j) line[j] = from[g * Group + j];
      else
        for (std::uint32_t j = 0; j < Group; ++j)
          line[j] = j < count ? from[g * Group + j] : std::int8_t{0};
    }
  }
}

/// One group of a panel of columns, any shape: `count` values of k, `offset` added to each.
template <class To, std::uint32_t Columns, std::uint32_t Group>
void pack_i8_group(const std::int8_t* from, std::uint32_t n, std::uint32_t count,
                   std::uint32_t columns, int offset, To* to) {
  for (std::uint32_t j = 0; j < Group; ++j)
    for (std::uint32_t c = 0; c < Columns; ++c)
      to[c * Group + j] = j < count && c < columns
                              ? static_cast<To>(from[std::uint64_t{j} * n + c] + offset)
                              : To{0};
}

/// Writes or adds `Rows` lines of `Columns` sums to C, dropping what lies outside.
template <std::uint32_t Rows, std::uint32_t Columns>
void store_i8_block(const i8_chunk& chunk, const std::int32_t (&sum)[Rows][Columns],
                    std::uint32_t row, std::uint32_t column) {
  const std::uint32_t rows = std::min(Rows, chunk.m - row);
  const std::uint32_t columns = std::min(Columns, chunk.n - column);
  for (std::uint32_t i = 0; i < rows; ++i) {
    std::int32_t* c = chunk.c + std::uint64_t{row + i} * chunk.n + column;
    for (std::uint32_t j = 0; j < columns; ++j) c[j] = (chunk.first ? 0 : c[j]) + sum[i][j];
  }
}

}  // namespace datagen::kernels
