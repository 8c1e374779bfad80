#include <algorithm>
#include <cstring>

#include "gemm_f32_cpu.hpp"

namespace datagen::kernels {

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
