#include <algorithm>

#include "gemm_f32_cpu.hpp"
#include "host_device.hpp"
#include "kept_memory.hpp"
#include "launch.hpp"

namespace datagen::kernels {
namespace {

/// The panels of A, then those of B.
struct pack_panel {
  const std::uint8_t* a;
  const std::uint8_t* b;
  gemm_shape s;
  std::uint32_t k0, depth;
  std::uint64_t row_panels;
  float* packed_a;
  float* packed_b;

  void operator()(std::uint64_t panel) const {
    if (panel < row_panels)
      pack_rows(a, s.m, s.k, k0, depth, panel, packed_a);
    else
      pack_columns(b, s.n, k0, depth, panel - row_panels, packed_b);
  }
};

/// Row tiles of so many panels: small enough for tile_panels, and as many for each thread.
std::uint32_t row_tiles_of(std::uint64_t row_panels, std::uint32_t threads) {
  const std::uint64_t together = std::uint64_t{threads} * tile_panels;
  const std::uint64_t tiles = threads * ((row_panels + together - 1) / together);
  return static_cast<std::uint32_t>(std::min(tiles, row_panels));
}

/// Computes tile number `tile` (row-major over tiles) of C for this chunk.
void multiply_tile(const packed_chunk& chunk, std::uint64_t tile) {
  const std::uint32_t across = (chunk.n + tile_columns - 1) / tile_columns;
  const std::uint64_t panels = (chunk.m + panel_rows - 1) / panel_rows;
  const auto first_row = [&](std::uint64_t row_tile) {
    return static_cast<std::uint32_t>(panels * row_tile / chunk.row_tiles * panel_rows);
  };
  const std::uint32_t row0 = first_row(tile / across);
  const std::uint32_t row_end = std::min(chunk.m, first_row(tile / across + 1));
  const auto column0 = static_cast<std::uint32_t>(tile % across) * tile_columns;
  const std::uint32_t column_end = std::min(chunk.n, column0 + tile_columns);
  for (std::uint32_t column = column0; column < column_end; column += panel_columns)
    for (std::uint32_t row = row0; row < row_end; row += panel_rows)
      micro_kernel(chunk, chunk.a + std::uint64_t{row} * chunk.depth,
                   chunk.b + std::uint64_t{column} * chunk.depth, row, column);
}

struct tile_product {
  packed_chunk chunk;
  void operator()(std::uint64_t tile) const { multiply_tile(chunk, tile); }
};

}  // namespace

failure multiply_by_tiles(const run_settings& settings, const gemm_shape& s, const std::uint8_t* a,
                          const std::uint8_t* b, float* c) {
  const std::uint64_t row_panels = (s.m + panel_rows - 1) / panel_rows;
  const std::uint64_t column_panels = (s.n + panel_columns - 1) / panel_columns;
  const std::uint32_t row_tiles = row_tiles_of(row_panels, settings.threads);
  const std::uint64_t tiles =
      std::uint64_t{row_tiles} * ((s.n + tile_columns - 1) / tile_columns);
  const std::uint32_t depth_max = least(s.k, gemm_chunk);
  const std::uint64_t a_floats = (row_panels * panel_rows * depth_max + 15) / 16 * 16;  // a line's
  const kept_memory<packed_chunk> packed(a_floats + column_panels * panel_columns * depth_max);
  float* const packed_a = packed.data();
  float* const packed_b = packed_a + a_floats;
  run_settings quiet = settings;
  quiet.progress = nullptr;
  for (std::uint32_t k0 = 0; k0 < s.k; k0 += gemm_chunk) {
    const std::uint32_t depth = least(gemm_chunk, s.k - k0);
    const packed_chunk chunk{packed_a, packed_b, s.m,     s.n, row_tiles,
                             depth,    k0 == 0,  k0 + depth == s.k, c};
    const std::uint64_t panels = row_panels + column_panels;
    if (auto bad = launch(quiet, panels, panels,
                          pack_panel{a, b, s, k0, depth, row_panels, packed_a, packed_b}))
      return bad;
    if (auto bad = launch(quiet, tiles, 1024, tile_product{chunk})) return bad;
    settings.report(k0 + depth, s.k);
  }
  return {};
}

}  // namespace datagen::kernels
