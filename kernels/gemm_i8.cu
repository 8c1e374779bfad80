#include "gemm_i8.hpp"

#include <string>

#include "host_device.hpp"
#include "large_memory.hpp"
#include "launch.hpp"
#include "params.hpp"
#if defined(__CUDACC__)
#include "gemm_i8_hopper.cuh"
#elif defined(__AVX2__)
#include "aligned_memory.hpp"
#include "gemm_i8_cpu.hpp"
#endif

namespace datagen::kernels {
namespace {

constexpr std::uint64_t header_bytes = 16;
constexpr std::uint64_t side_max = 16384;
constexpr std::uint64_t input_bytes_max = std::uint64_t{1} << 29;
constexpr std::uint64_t products_max = std::uint64_t{1} << 40;
constexpr datagen_limit limits[] = {{"input", input_bytes_max, "bytes"},
                                    {"m, k and n", side_max, "rows or columns"},
                                    {"m*k*n", products_max, "multiply-adds"}};

struct sides {
  std::uint32_t m = 0, k = 0, n = 0;
  std::uint64_t products() const { return std::uint64_t{m} * k * n; }
};

failure check_sides(const sides& s) {
  const struct {
    const char* name;
    std::uint64_t value;
  } all[] = {{"m", s.m}, {"k", s.k}, {"n", s.n}};
  for (const auto& side : all) {
    if (side.value == 0)
      return bad_input(std::string(side.name) + " is 0, expected at least 1");
    if (side.value > side_max)
      return over_limit(side.name, side.value, side_max, "rows or columns");
  }
  if (s.products() > products_max)
    return over_limit("m*k*n", s.products(), products_max, "multiply-adds");
  return {};
}

failure parse(const work& work, sides& s) {
  param_values values;
  if (auto bad = parse_params(work.params, {}, values)) return bad;
  const std::uint64_t size = work.input.size();
  if (size > input_bytes_max) return over_limit("input", size, input_bytes_max, "bytes");
  if (size < header_bytes)
    return bad_input("input is " + std::to_string(size) +
                     " bytes, expected at least the 16-byte header DGI1, m, k, n");
  if (memcmp(work.input.data(), "DGI1", 4) != 0)
    return bad_input("input does not start with the four letters DGI1");
  memcpy(&s, work.input.data() + 4, 12);
  if (auto bad = check_sides(s)) return bad;
  const std::uint64_t expected =
      header_bytes + std::uint64_t{s.m} * s.k + std::uint64_t{s.k} * s.n;
  if (size != expected)
    return bad_input("input is " + std::to_string(size) + " bytes, but m=" + std::to_string(s.m) +
                     " k=" + std::to_string(s.k) + " n=" + std::to_string(s.n) + " need " +
                     std::to_string(expected));
  return {};
}

std::uint64_t units(const work&, const sides& s) {
  return 1 + s.products() / 65536;
}

/// One output element, as plainly as it can be written.
struct one_element {
  const std::int8_t* a;
  const std::int8_t* b;
  std::uint32_t k, n;
  std::int32_t* c;

  DATAGEN_HD void operator()(std::uint64_t index) const {
    const std::uint64_t row = index / n;
    const std::uint64_t column = index % n;
    std::int32_t sum = 0;
    for (std::uint64_t i = 0; i < k; ++i) sum += a[row * k + i] * b[i * n + column];
    c[index] = sum;
  }
};

#if defined(__CUDACC__)

failure multiply(const work& work, const sides& s, const run_settings& settings, std::int32_t* c) {
  const device_input<std::uint8_t> input(work.input.data(), work.input.size());
  device_output<std::int32_t> result(std::uint64_t{s.m} * s.n);
  const auto* a = reinterpret_cast<const std::int8_t*>(input.data() + header_bytes);
  const std::int8_t* b = a + std::uint64_t{s.m} * s.k;
  const i8_shape shape{s.m, s.k, s.n};
  if (settings.portable || !device_has_byte_tiles()) {
    if (auto bad = launch(settings, std::uint64_t{s.m} * s.n, std::uint64_t{1} << 20,
                          one_element{a, b, s.k, s.n, result.data()}))
      return bad;
  } else {
    const device_memory<std::int8_t> packed(shape.packed_bytes());
    auto error = launch_i8_product(a, b, shape, packed.data(), result.data());
    if (error == cudaSuccess) error = cudaDeviceSynchronize();
    if (error != cudaSuccess) return {DATAGEN_DEVICE_FAILED, cudaGetErrorString(error)};
  }
  result.download_to(c);
  settings.report(1, 1);
  return {};
}

#elif defined(__AVX2__)

constexpr std::uint32_t tile_panels = 8;  ///< panels per tile, each way

struct pack_a {
  const i8_path* path;
  const std::int8_t* a;
  sides s;
  std::uint32_t k0, depth;
  std::uint64_t panel_bytes;
  std::uint8_t* to;
  void operator()(std::uint64_t panel) const {
    path->pack_rows(a, s.m, s.k, k0, depth, static_cast<std::uint32_t>(panel),
                    to + panel * panel_bytes);
  }
};

struct pack_b {
  const i8_path* path;
  const std::int8_t* b;
  sides s;
  std::uint32_t k0, depth;
  std::uint64_t panel_bytes;
  std::uint8_t* to;
  void operator()(std::uint64_t panel) const {
    path->pack_columns(b, s.n, k0, depth, static_cast<std::uint32_t>(panel),
                       to + panel * panel_bytes);
  }
};

/// Computes a tile of panels; B's panel stays in the nearest cache while A's pass by.
struct multiply_tile {
  const i8_path* path;
  i8_chunk chunk;
  std::uint32_t row_panels, column_panels;

  void operator()(std::uint64_t tile) const {
    const std::uint32_t across = (column_panels + tile_panels - 1) / tile_panels;
    const auto row0 = static_cast<std::uint32_t>(tile / across) * tile_panels;
    const auto column0 = static_cast<std::uint32_t>(tile % across) * tile_panels;
    const std::uint32_t row_end = least(row0 + tile_panels, row_panels);
    const std::uint32_t column_end = least(column0 + tile_panels, column_panels);
    for (std::uint32_t column = column0; column < column_end; ++column)
      for (std::uint32_t row = row0; row < row_end; ++row)
        path->multiply(chunk, chunk.a + row * path->a_panel_bytes(chunk.groups),
                       chunk.b + column * path->b_panel_bytes(chunk.groups),
                       row * path->panel_rows, column * path->panel_columns);
  }
};

failure multiply_packed(const i8_path& path, const std::int8_t* a, const std::int8_t* b,
                        const sides& s, const run_settings& settings, std::int32_t* c) {
  const std::uint32_t row_panels = (s.m + path.panel_rows - 1) / path.panel_rows;
  const std::uint32_t column_panels = (s.n + path.panel_columns - 1) / path.panel_columns;
  const std::uint32_t groups_max = (least(s.k, path.depth) + path.group - 1) / path.group;
  const aligned_memory<std::uint8_t> packed_a(row_panels * path.a_panel_bytes(groups_max));
  const aligned_memory<std::uint8_t> packed_b(column_panels * path.b_panel_bytes(groups_max));
  const std::uint64_t tiles = std::uint64_t{(row_panels + tile_panels - 1) / tile_panels} *
                              ((column_panels + tile_panels - 1) / tile_panels);
  run_settings quiet = settings;
  quiet.progress = nullptr;
  for (std::uint32_t k0 = 0; k0 < s.k; k0 += path.depth) {
    const std::uint32_t depth = least(path.depth, s.k - k0);
    const std::uint32_t groups = (depth + path.group - 1) / path.group;
    if (auto bad = launch(quiet, row_panels, row_panels,
                          pack_a{&path, a, s, k0, depth, path.a_panel_bytes(groups),
                                 packed_a.data()}))
      return bad;
    if (auto bad = launch(quiet, column_panels, column_panels,
                          pack_b{&path, b, s, k0, depth, path.b_panel_bytes(groups),
                                 packed_b.data()}))
      return bad;
    const i8_chunk chunk{packed_a.data(), packed_b.data(), s.m, s.n, groups, k0 == 0, c};
    if (auto bad = launch(quiet, tiles, 1024,
                          multiply_tile{&path, chunk, row_panels, column_panels}))
      return bad;
    settings.report(k0 + depth, s.k);
  }
  return {};
}

failure multiply(const work& work, const sides& s, const run_settings& settings, std::int32_t* c) {
  const auto* a = reinterpret_cast<const std::int8_t*>(work.input.data() + header_bytes);
  const std::int8_t* b = a + std::uint64_t{s.m} * s.k;
  if (settings.portable)
    return launch(settings, std::uint64_t{s.m} * s.n, std::uint64_t{1} << 16,
                  one_element{a, b, s.k, s.n, c});
  return multiply_packed(best_i8_path(), a, b, s, settings, c);
}

#else

failure multiply(const work& work, const sides& s, const run_settings& settings, std::int32_t* c) {
  const auto* a = reinterpret_cast<const std::int8_t*>(work.input.data() + header_bytes);
  return launch(settings, std::uint64_t{s.m} * s.n, std::uint64_t{1} << 16,
                one_element{a, a + std::uint64_t{s.m} * s.k, s.k, s.n, c});
}

#endif

failure run(const work& work, const sides& s, const run_settings& settings,
            output_buffer& output) {
  resize_large(output, header_bytes + 4 * std::uint64_t{s.m} * s.n);
  memcpy(output.data(), work.input.data(), header_bytes);
  memcpy(output.data(), "DGJ1", 4);
  // operator new aligns to 16 bytes, so the sums behind the header are aligned.
  return multiply(work, s, settings, reinterpret_cast<std::int32_t*>(output.data() + header_bytes));
}

}  // namespace

const kernel_definition gemm_i8{
    .id = "gemm.i8",
    .version = 0,
    .summary = "product of two matrices of signed bytes, exact 32-bit sums",
    .limits = limits,
    .units = units_of_job<sides, parse, units>,
    .run = run_job<sides, parse, units, run>,
};

}  // namespace datagen::kernels
