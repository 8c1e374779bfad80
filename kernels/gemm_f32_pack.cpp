#include <algorithm>
#include <cstring>

#include "gemm_f32_cpu.hpp"

namespace datagen::kernels {

namespace {

/// Rows of a panel go through here so many columns at a time, so that both sides stay in L1.
constexpr std::uint32_t turned_columns = 16;

/// A panel's rows [0, rows) and `Columns` of its columns, turned; rows beyond are zeros.
template <std::uint32_t Columns>
void turn(const std::uint8_t* from, std::uint64_t stride, std::uint32_t rows, float* to) {
  float block[panel_rows][Columns] = {};
  for (std::uint32_t i = 0; i < rows; ++i)
    std::memcpy(block[i], from + i * stride, sizeof block[i]);
  for (std::uint32_t j = 0; j < Columns; ++j)
    for (std::uint32_t i = 0; i < panel_rows; ++i) to[j * panel_rows + i] = block[i][j];
}

}  // namespace

void pack_rows(const std::uint8_t* a, std::uint32_t m, std::uint32_t k, std::uint32_t k0,
               std::uint32_t depth, std::uint64_t panel, float* to) {
  to += panel * panel_rows * depth;
  const std::uint64_t row = panel * panel_rows;
  const auto rows = static_cast<std::uint32_t>(std::min<std::uint64_t>(panel_rows, m - row));
  const std::uint64_t stride = std::uint64_t{k} * sizeof(float);
  const std::uint8_t* from = a + row * stride + std::uint64_t{k0} * sizeof(float);
  std::uint32_t j = 0;
  for (; j + turned_columns <= depth; j += turned_columns)
    turn<turned_columns>(from + j * sizeof(float), stride, rows, to + j * panel_rows);
  for (; j < depth; ++j) turn<1>(from + j * sizeof(float), stride, rows, to + j * panel_rows);
}

void pack_columns(const std::uint8_t* b, std::uint32_t n, std::uint32_t k0, std::uint32_t depth,
                  std::uint64_t panel, float* to) {
  to += panel * panel_columns * depth;
  const std::uint64_t column = panel * panel_columns;
  const std::uint8_t* from = b + (std::uint64_t{k0} * n + column) * sizeof(float);
  const std::uint64_t stride = std::uint64_t{n} * sizeof(float);
  if (n - column >= panel_columns) {
    constexpr std::uint32_t ahead = 8;  // rows: they lie too far apart for the processor to foresee
    for (std::uint32_t j = 0; j < depth; ++j, from += stride, to += panel_columns) {
      __builtin_prefetch(from + ahead * stride);
      __builtin_prefetch(from + ahead * stride + 64);
      std::memcpy(to, from, panel_columns * sizeof(float));
    }
    return;
  }
  for (std::uint32_t j = 0; j < depth; ++j, from += stride, to += panel_columns) {
    std::memcpy(to, from, (n - column) * sizeof(float));
    std::fill(to + (n - column), to + panel_columns, 0.0f);
  }
}

}  // namespace datagen::kernels
