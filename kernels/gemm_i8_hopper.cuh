#pragma once

#include "gemm_i8_cuda.cuh"
#include "gemm_i8_wgmma.cuh"

/// gemm.i8 by warp groups of four warps, which read both matrices from shared memory (wgmma), where
/// one thread has the copy engine put them. Compute capability 9.0, compiled for sm_90a. nvcc only.
namespace datagen::kernels {

/// Both matrices lie in panels of 64 lines (rows of A, columns of B) by 128 bytes of k, each as
/// shared memory wants it, so that a panel is one copy.
inline constexpr std::uint32_t panel_lines = 64, panel_depth = 128;
inline constexpr std::uint32_t panel_bytes = panel_lines * panel_depth;

/// A block of 128 x Columns outputs.
template <int Columns>
struct i8_group_tile {
  static constexpr int rows = 128, columns = Columns, depth = panel_depth;
  static constexpr int stage_bytes = (rows + columns) * depth;
  static constexpr int stages = 196608 / stage_bytes;
  static constexpr int consumers = 256;          ///< two warp groups
  static constexpr int threads = consumers + 32; ///< and the warp that copies
  static constexpr int shared_bytes = stages * stage_bytes + 1024;  ///< and room to align
  static constexpr int b_panels = columns / static_cast<int>(panel_lines);
};

/// Where byte `at` of line `line` lies in panels `steps` deep: the 16-byte pieces of a line are
/// swizzled by its number, as the descriptor says.
__device__ inline std::uint64_t panel_place(std::uint32_t line, std::uint32_t at, std::uint32_t steps) {
  const std::uint32_t piece = at % panel_depth / 16 ^ (line & 7);
  return (std::uint64_t{line / panel_lines} * steps + at / panel_depth) * panel_bytes +
         line % panel_lines * panel_depth + piece * 16 + at % 16;
}

/// Puts 16 bytes of a row of A into their panel, zeros outside.
__device__ inline void pack_row_piece(const std::int8_t* a, const i8_shape& s, std::uint32_t steps,
                                      std::uint64_t piece, std::int8_t* to) {
  const std::uint32_t pieces = steps * (panel_depth / 16);
  const auto row = static_cast<std::uint32_t>(piece / pieces);
  const auto at = static_cast<std::uint32_t>(piece % pieces) * 16;
  const std::int8_t* const from = a + std::uint64_t{row} * s.k + at;
  union {
    uint4 all;
    std::int8_t bytes[16];
  } x{};
  if (row < s.m && at + 16 <= s.k && reinterpret_cast<std::uintptr_t>(from) % 16 == 0)
    x.all = *reinterpret_cast<const uint4*>(from);
  else
#pragma unroll
    for (std::uint32_t i = 0; i < 16; ++i)
      x.bytes[i] = row < s.m && at + i < s.k ? from[i] : std::int8_t{0};
  *reinterpret_cast<uint4*>(to + panel_place(row, at, steps)) = x.all;
}

/// Turns 4x4 bytes of B into their panel, zeros outside.
__device__ inline void pack_column_square(const std::int8_t* b, const i8_shape& s, std::uint32_t steps,
                                          std::uint32_t k, std::uint32_t n, std::int8_t* to) {
  std::uint32_t w[4] = {};
  load_square(b, s, k, n, w);
  transpose_bytes(w);
#pragma unroll
  for (std::uint32_t j = 0; j < 4; ++j)
    *reinterpret_cast<std::uint32_t*>(to + panel_place(n + j, k, steps)) = w[j];
}

/// The first `a_blocks` blocks pack A, the others B; 256 threads.
static __global__ void pack_panels(const std::int8_t* a, const std::int8_t* b, i8_shape s,
                                   std::uint32_t steps, std::uint32_t a_blocks, std::int8_t* a_panels,
                                   std::int8_t* b_panels) {
  if (blockIdx.x < a_blocks) {
    pack_row_piece(a, s, steps, std::uint64_t{blockIdx.x} * 256 + threadIdx.x, a_panels);
    return;
  }
  const std::uint32_t square = blockIdx.x - a_blocks;  // of 64 x 64 bytes
  pack_column_square(b, s, steps, (square % (2 * steps) * 16 + threadIdx.x % 16) * 4,
                     (square / (2 * steps) * 16 + threadIdx.x / 16) * 4, b_panels);
}

/// Which block of C this is: down sixteen before across, so that blocks at work together share rows
/// and columns in the L2 cache.
template <class Tile>
struct group_place {
  std::uint32_t row, column;  ///< in blocks

  __device__ explicit group_place(const i8_shape& s) {
    constexpr std::uint32_t high = 16;
    const std::uint32_t down = s.padded_m() / Tile::rows;
    const std::uint32_t across = (s.n + Tile::columns - 1) / Tile::columns;
    const std::uint32_t first = blockIdx.x / (high * across) * high;
    const std::uint32_t within = blockIdx.x % (high * across);
    const std::uint32_t height = down - first < high ? down - first : high;
    row = first + within % height;
    column = within / height;
  }
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

/// The barriers of a block: a stage has arrived; a stage is free.
template <class Tile>
struct group_barriers {
  std::uint64_t full[Tile::stages], free[Tile::stages];

  __device__ void init() {
    for (int i = 0; i < Tile::stages; ++i) {
      init_barrier(shared_address(&full[i]), 1);
      init_barrier(shared_address(&free[i]), Tile::consumers / 32);
    }
    publish_barriers();
  }
};

/// One thread: keeps all stages full.
template <class Tile>
__device__ void copy_panels(const std::int8_t* a, const std::int8_t* b, std::uint32_t steps,
                            const group_place<Tile>& place, std::uint32_t stages,
                            group_barriers<Tile>& barriers) {
  const std::uint64_t line = std::uint64_t{steps} * panel_bytes;
  a += place.row * 2 * line;
  b += place.column * Tile::b_panels * line;
  for (std::uint32_t step = 0; step < steps; ++step) {
    const std::uint32_t slot = step % Tile::stages, round = step / Tile::stages;
    if (round > 0) wait_barrier(shared_address(&barriers.free[slot]), (round - 1) & 1);
    const std::uint32_t full = shared_address(&barriers.full[slot]);
    const std::uint32_t to = stages + slot * Tile::stage_bytes;
    const std::uint64_t from = std::uint64_t{step} * panel_bytes;
    expect_bytes(full, Tile::stage_bytes);
    for (std::uint32_t i = 0; i < 2; ++i)
      copy_bulk(to + i * panel_bytes, a + i * line + from, panel_bytes, full);
    for (std::uint32_t i = 0; i < Tile::b_panels; ++i)
      copy_bulk(to + (2 + i) * panel_bytes, b + i * line + from, panel_bytes, full);
  }
}

/// A warp group: the sums of its 64 rows.
template <class Tile>
__device__ void multiply_panels(std::uint32_t steps, std::uint32_t group, std::uint32_t stages,
                                group_barriers<Tile>& barriers, std::int32_t (&sums)[Tile::columns / 2]) {
  const auto release = [&](std::uint32_t step) {
    if (threadIdx.x % 32 == 0) arrive_at(shared_address(&barriers.free[step % Tile::stages]));
  };
#pragma unroll 1
  for (std::uint32_t step = 0; step < steps; ++step) {
    const std::uint32_t slot = step % Tile::stages;
    wait_barrier(shared_address(&barriers.full[slot]), step / Tile::stages & 1);
    const std::uint32_t stage = stages + slot * Tile::stage_bytes;
    const std::uint64_t left = matrix_descriptor(stage + group * panel_bytes);
    const std::uint64_t right = matrix_descriptor(stage + 2 * panel_bytes);
    begin_products();
#pragma unroll
    for (int k = 0; k < 4; ++k)  // 32 bytes further: 2 in units of 16
      group_multiply_add(sums, left + 2 * k, right + 2 * k, step > 0 || k > 0);
    commit_products();
    wait_products<1>();
    if (step > 0) release(step - 1);
  }
  wait_products<0>();
  release(steps - 1);
}

template <int Count>
__device__ void store_group_sums(const std::int32_t (&d)[Count], const i8_shape& s, std::uint32_t row0,
                                 std::uint32_t column0, std::int32_t* c) {
  const std::uint32_t lane = threadIdx.x % 32;
  const std::uint32_t row = row0 + threadIdx.x % 128 / 32 * 16 + lane / 4;
  const bool pairs = s.n % 2 == 0;
#pragma unroll
  for (int j = 0; j < Count / 4; ++j)
#pragma unroll
    for (int e = 0; e < 4; e += 2) {
      const std::uint32_t at_row = row + e / 2 * 8, at_column = column0 + 8 * j + lane % 4 * 2;
      if (at_row >= s.m || at_column >= s.n) continue;
      std::int32_t* const to = c + std::uint64_t{at_row} * s.n + at_column;
      if (pairs) {
        *reinterpret_cast<int2*>(to) = make_int2(d[4 * j + e], d[4 * j + e + 1]);
      } else {
        to[0] = d[4 * j + e];
        if (at_column + 1 < s.n) to[1] = d[4 * j + e + 1];
      }
    }
}

#endif

/// A block of C from the panels of A and B. @pre `c` is aligned to 8 bytes
template <class Tile>
static __global__ __launch_bounds__(Tile::threads, 1) void multiply_byte_groups(
    const std::int8_t* a, const std::int8_t* b, i8_shape s, std::uint32_t steps, std::int32_t* c) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
  extern __shared__ std::int8_t unaligned_stages[];
  __shared__ group_barriers<Tile> barriers;
  const std::uint32_t stages = (shared_address(unaligned_stages) + 1023) & ~1023u;
  const group_place<Tile> place(s);
  if (threadIdx.x == 0) barriers.init();
  __syncthreads();
  if (threadIdx.x >= Tile::consumers) {
    if (threadIdx.x == Tile::consumers) copy_panels<Tile>(a, b, steps, place, stages, barriers);
  } else {
    const std::uint32_t group = threadIdx.x / 128;
    std::int32_t sums[Tile::columns / 2];  // the first product sets them
    multiply_panels<Tile>(steps, group, stages, barriers, sums);
    store_group_sums(sums, s, place.row * Tile::rows + group * 64, place.column * Tile::columns, c);
  }
#endif
}

/// True when this build has the code and the current device can run it.
inline bool device_has_byte_groups() {
#if defined(DATAGEN_SM90A)
  int device = 0, major = 0;
  cudaGetDevice(&device);
  cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device);
  return major == 9;
#else
  return false;
#endif
}

/// Lays A and B out in panels, into `packed` of s.packed_bytes() bytes.
inline i8_operands pack_group_operands(const std::int8_t* a, const std::int8_t* b, const i8_shape& s,
                                       std::int8_t* packed, cudaStream_t stream) {
  const std::uint32_t steps = s.padded_k() / panel_depth;
  const std::uint32_t a_blocks = s.padded_m() * (s.padded_k() / 16) / 256;
  const std::uint32_t b_blocks = 2 * steps * (s.padded_n() / 64);
  std::int8_t* const b_panels = packed + std::uint64_t{s.padded_k()} * s.padded_m();
  pack_panels<<<a_blocks + b_blocks, 256, 0, stream>>>(a, b, s, steps, a_blocks, packed, b_panels);
  return {packed, b_panels};
}

template <class Tile>
std::uint32_t group_blocks(const i8_shape& s) {
  return s.padded_m() / Tile::rows * ((s.n + Tile::columns - 1) / Tile::columns);
}

/// The product of matrices in panels.
template <class Tile>
cudaError_t launch_byte_groups(const i8_operands& from, const i8_shape& s, std::int32_t* c,
                               cudaStream_t stream) {
  const auto kernel = multiply_byte_groups<Tile>;
  if (const auto error = cudaFuncSetAttribute(
          kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, Tile::shared_bytes);
      error != cudaSuccess)
    return error;
  kernel<<<group_blocks<Tile>(s), Tile::threads, Tile::shared_bytes, stream>>>(
      from.a, from.b, s, s.padded_k() / panel_depth, c);
  return cudaGetLastError();
}

using i8_wide_groups = i8_group_tile<256>;
using i8_middle_groups = i8_group_tile<128>;
using i8_narrow_groups = i8_group_tile<64>;

/// The tile that is done first. The weights are what a block of each takes, from whole products of
/// 8192 on an H200: 1525, 1327 and 879 TOP/s.
inline cudaError_t launch_best_groups(const i8_operands& from, const i8_shape& s, std::int32_t* c,
                                      cudaStream_t stream) {
  int device = 0, count = 1;
  cudaGetDevice(&device);
  cudaDeviceGetAttribute(&count, cudaDevAttrMultiProcessorCount, device);
  const auto cost = [&](std::uint32_t blocks, std::uint64_t weight) {
    const auto at_once = static_cast<std::uint32_t>(count);
    return (blocks + at_once - 1) / at_once * weight;
  };
  const std::uint64_t wide = cost(group_blocks<i8_wide_groups>(s), 256);
  const std::uint64_t middle = cost(group_blocks<i8_middle_groups>(s), 147);
  const std::uint64_t narrow = cost(group_blocks<i8_narrow_groups>(s), 111);
  if (wide <= middle && wide <= narrow) return launch_byte_groups<i8_wide_groups>(from, s, c, stream);
  return middle <= narrow ? launch_byte_groups<i8_middle_groups>(from, s, c, stream)
                          : launch_byte_groups<i8_narrow_groups>(from, s, c, stream);
}

/// Enqueues packing and product. `packed` holds s.packed_bytes() bytes.
inline cudaError_t launch_i8_product(const std::int8_t* a, const std::int8_t* b, const i8_shape& s,
                                     std::int8_t* packed, std::int32_t* c,
                                     cudaStream_t stream = nullptr) {
  if (device_has_byte_groups())
    return launch_best_groups(pack_group_operands(a, b, s, packed, stream), s, c, stream);
  const i8_operands from = pack_i8_operands(a, b, s, packed, stream);
  const bool large = std::uint64_t{s.padded_m() / 128} * (s.padded_n() / 256) >= 100;
  return large ? launch_byte_tiles<i8_large_tile>(from.a, from.b, s, c, stream)
               : launch_byte_tiles<i8_small_tile>(from.a, from.b, s, c, stream);
}

}  // namespace datagen::kernels
