#pragma once

#include <cuda_pipeline_primitives.h>

#include <cstdint>

#include "gemm_f32.hpp"
#include "host_device.hpp"

/// gemm.f32 on a CUDA device: the order of gemm_f32.hpp, in tiles. nvcc only.
///
/// A is first turned, so that of both matrices k comes first, and both are padded to whole tiles. Past
/// the end k is -0 in A and +0 in B: adding their product, -0, changes no number, not even -0.
namespace datagen::kernels {

inline constexpr std::uint32_t gemm_pad_side = 128;  ///< rows of A and columns of B, padded to this
inline constexpr std::uint32_t gemm_pad_k = 16;

/// Sizes of the padded copies.
struct gemm_padding {
  std::uint32_t m, k, n;

  explicit gemm_padding(const gemm_shape& s)
      : m(rounded_up(s.m, gemm_pad_side)),
        k(rounded_up(s.k, gemm_pad_k)),
        n(rounded_up(s.n, gemm_pad_side)) {}
  std::uint64_t a_floats() const { return std::uint64_t{k} * m; }
  std::uint64_t b_floats() const { return std::uint64_t{k} * n; }

 private:
  static std::uint32_t rounded_up(std::uint32_t x, std::uint32_t to) {
    return (x + to - 1) / to * to;
  }
};

/// Writes A turned, 32x32 elements per block: to[k][row], `padded_m` rows per line.
static __global__ void turn_padded(const float* a, gemm_shape s, std::uint32_t padded_m,
                                   std::uint32_t padded_k, float* to) {
  __shared__ float tile[32][33];
  const std::uint32_t k0 = blockIdx.x * 32, row0 = blockIdx.y * 32;
  for (std::uint32_t i = threadIdx.y; i < 32; i += 8) {
    const std::uint32_t row = row0 + i, k = k0 + threadIdx.x;
    tile[i][threadIdx.x] = row < s.m && k < s.k ? a[std::uint64_t{row} * s.k + k] : -0.0f;
  }
  __syncthreads();
  for (std::uint32_t i = threadIdx.y; i < 32; i += 8)
    if (k0 + i < padded_k)
      to[std::uint64_t{k0 + i} * padded_m + row0 + threadIdx.x] = tile[threadIdx.x][i];
}

/// Writes B with padded lines and zeros outside.
static __global__ void copy_padded(const float* b, gemm_shape s, std::uint32_t padded_n, float* to) {
  const std::uint32_t column = blockIdx.x * 128 + threadIdx.x, k = blockIdx.y;
  to[std::uint64_t{k} * padded_n + column] =
      column < s.n && k < s.k ? b[std::uint64_t{k} * s.n + column] : 0.0f;
}

/// A block of `Rows` x `Columns` outputs; `Depth` k values per stage, `Stages` stages in shared
/// memory, all but one of them on their way. A thread holds 8 x 8 sums, a warp 64 x 32: its lanes
/// form 8 x 4 so that neighbours read the same address, which halves the reads.
template <int Rows, int Columns, int Depth, int Stages, int Blocks>
struct gemm_tile {
  static constexpr int rows = Rows, columns = Columns, depth = Depth, stages = Stages;
  static constexpr int blocks_min = Blocks;  ///< per multiprocessor, bounds the registers
  static constexpr int warps_across = Columns / 32;
  static constexpr int threads = Rows / 64 * warps_across * 32;
  static constexpr int line = Rows + Columns;  ///< floats of one k in a stage
  static constexpr int stage_floats = Depth * line;
  static constexpr int shared_bytes = Stages * stage_floats * 4;
  static_assert(gemm_pad_k % Depth == 0 && gemm_chunk % Depth == 0);
};

/// Copies Depth lines of a block's part of one matrix, 16 bytes per thread and step. Places are
/// 32-bit: a padded matrix has at most 2^28 floats.
template <class Tile, int Width>
struct gemm_loader {
  static constexpr int per_line = Width / 4;              ///< copies per line
  static constexpr int lines = Tile::threads / per_line;  ///< at once
  static_assert(Tile::depth % lines == 0);

  std::uint32_t at;  ///< what this thread copies next

  __device__ gemm_loader(std::uint32_t line, std::uint32_t stride, std::uint32_t first)
      : at((line + threadIdx.x / per_line) * stride + first + threadIdx.x % per_line * 4) {}

  __device__ void next(const float* from, std::uint32_t stride, float* stage) {
    float* to = stage + threadIdx.x / per_line * Tile::line + threadIdx.x % per_line * 4;
#pragma unroll
    for (int i = 0; i < Tile::depth / lines; ++i, at += lines * stride)
      __pipeline_memcpy_async(to + i * lines * Tile::line, from + at, 16);
  }
};

/// One k of a thread's rows and columns. Rows are two groups of four, 32 apart; columns 16 apart.
struct gemm_fragment {
  float4 left[2], right[2];

  __device__ void load(const float* a, const float* b) {
    left[0] = *reinterpret_cast<const float4*>(a);
    left[1] = *reinterpret_cast<const float4*>(a + 32);
    right[0] = *reinterpret_cast<const float4*>(b);
    right[1] = *reinterpret_cast<const float4*>(b + 16);
  }
};

/// The sums of one thread.
struct gemm_sums {
  float value[8][8];

  __device__ void clear() {
    for (auto& row : value)
      for (float& x : row) x = 0;
  }
  __device__ void multiply_add(const gemm_fragment& f) {
    const float a[8] = {f.left[0].x, f.left[0].y, f.left[0].z, f.left[0].w,
                        f.left[1].x, f.left[1].y, f.left[1].z, f.left[1].w};
    const float b[8] = {f.right[0].x, f.right[0].y, f.right[0].z, f.right[0].w,
                        f.right[1].x, f.right[1].y, f.right[1].z, f.right[1].w};
#pragma unroll
    for (int i = 0; i < 8; ++i)
#pragma unroll
      for (int j = 0; j < 8; ++j) value[i][j] = __fmaf_rn(a[i], b[j], value[i][j]);
  }
};

__device__ inline float gemm_canonical(float value) {
  return value != value ? __uint_as_float(0x7fc00000) : value;
}

/// Writes a thread's sums of one chunk to C, or adds them.
static __device__ void store_sums(const gemm_sums& sums, const gemm_shape& s, std::uint32_t row,
                                  std::uint32_t column, bool first, bool last, float* c) {
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    const std::uint32_t at_row = row + i / 4 * 32 + i % 4;
    if (at_row >= s.m) continue;
    float* line = c + std::uint64_t{at_row} * s.n;
#pragma unroll
    for (int j = 0; j < 8; ++j) {
      const std::uint32_t at_column = column + j / 4 * 16 + j % 4;
      if (at_column >= s.n) continue;
      const float total = first ? sums.value[i][j] : __fadd_rn(line[at_column], sums.value[i][j]);
      line[at_column] = last ? gemm_canonical(total) : total;
    }
  }
}

/// One tile of C per block, from padded turned A and padded B. With `split` a block computes chunk
/// blockIdx.z alone and writes it to slab blockIdx.z of `c`; otherwise it runs over all chunks and
/// adds them up in C.
template <class Tile>
__global__ __launch_bounds__(Tile::threads, Tile::blocks_min) void multiply_tiles(
    const float* a, std::uint32_t a_stride, const float* b, std::uint32_t b_stride,
    std::uint32_t padded_k, gemm_shape s, bool split, float* c) {
  extern __shared__ __align__(16) float stages[];
  const std::uint32_t row0 = blockIdx.y * Tile::rows, column0 = blockIdx.x * Tile::columns;
  const std::uint32_t k_begin = split ? blockIdx.z * gemm_chunk : 0;
  const std::uint32_t k_end = split ? least(k_begin + gemm_chunk, padded_k) : padded_k;
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const int row = warp / Tile::warps_across * 64 + (lane >> 1 & 7) * 4;
  const int column = warp % Tile::warps_across * 32 + ((lane >> 4 << 1) | (lane & 1)) * 4;

  gemm_loader<Tile, Tile::rows> load_a(k_begin, a_stride, row0);
  gemm_loader<Tile, Tile::columns> load_b(k_begin, b_stride, column0);
  const auto load_next = [&](bool there, int stage) {
    if (there) {
      load_a.next(a, a_stride, stages + stage);
      load_b.next(b, b_stride, stages + stage + Tile::rows);
    }
    __pipeline_commit();
  };
  constexpr int ahead = Tile::stages - 1;  // stages on their way
  for (int i = 0; i < ahead; ++i)
    load_next(k_begin + i * Tile::depth < k_end, i * Tile::stage_floats);
  __pipeline_wait_prior(ahead - 1);
  __syncthreads();

  int stage = 0;  // first float of the stage that is read
  gemm_fragment fragment[2];
  fragment[0].load(stages + row, stages + Tile::rows + column);
  for (std::uint32_t chunk = k_begin; chunk < k_end; chunk += gemm_chunk) {
    const std::uint32_t chunk_end = least(chunk + gemm_chunk, k_end);
    gemm_sums sums;
    sums.clear();
#pragma unroll 1
    for (std::uint32_t k0 = chunk; k0 < chunk_end; k0 += Tile::depth) {
      load_next(k0 + ahead * Tile::depth < k_end,
                stage == 0 ? ahead * Tile::stage_floats : stage - Tile::stage_floats);
      const float* left = stages + stage + row;
      const float* right = stages + stage + Tile::rows + column;
#pragma unroll
      for (int k = 0; k + 1 < Tile::depth; ++k) {
        fragment[(k + 1) % 2].load(left + (k + 1) * Tile::line, right + (k + 1) * Tile::line);
        sums.multiply_add(fragment[k % 2]);
      }
      __pipeline_wait_prior(ahead - 1);
      __syncthreads();  // the next stage is complete, and nobody reads this one any more
      stage = stage == ahead * Tile::stage_floats ? 0 : stage + Tile::stage_floats;
      fragment[0].load(stages + stage + row, stages + stage + Tile::rows + column);
      sums.multiply_add(fragment[1]);
    }
    store_sums(sums, s, row0 + row, column0 + column, chunk == k_begin, chunk_end == k_end && !split,
               c + (split ? std::uint64_t{blockIdx.z} * s.m * s.n : 0));
  }
}

/// Adds the chunks' slabs in ascending order.
static __global__ void add_slabs(const float* slabs, std::uint64_t count, std::uint32_t chunks,
                                 float* c) {
  const std::uint64_t i = std::uint64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i >= count) return;
  float total = slabs[i];
  for (std::uint32_t chunk = 1; chunk < chunks; ++chunk)
    total = __fadd_rn(total, slabs[chunk * count + i]);
  c[i] = gemm_canonical(total);
}

inline std::uint32_t gemm_chunks(const gemm_shape& s) { return (s.k + gemm_chunk - 1) / gemm_chunk; }

/// Both matrices as multiply_tiles reads them.
struct gemm_operands {
  const float* a;
  const float* b;
  std::uint32_t b_stride;
};

/// Launches one kernel; `c` has a slab per chunk when `split`.
template <class Tile>
cudaError_t launch_tiles(const gemm_operands& from, const gemm_shape& s, bool split, float* c,
                         cudaStream_t stream) {
  const gemm_padding padded(s);
  const auto kernel = multiply_tiles<Tile>;
  if (const auto error = cudaFuncSetAttribute(
          kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, Tile::shared_bytes);
      error != cudaSuccess)
    return error;
  const dim3 blocks((s.n + Tile::columns - 1) / Tile::columns, (s.m + Tile::rows - 1) / Tile::rows,
                    split ? gemm_chunks(s) : 1);
  kernel<<<blocks, Tile::threads, Tile::shared_bytes, stream>>>(from.a, padded.m, from.b,
                                                               from.b_stride, padded.k, s, split, c);
  return cudaGetLastError();
}

using gemm_large_tile = gemm_tile<64, 128, 16, 3, 4>;  ///< measured best of eight on an H200
using gemm_small_tile = gemm_tile<64, 64, 16, 3, 8>;

/// How a product is cut for a device: never visible in the result.
struct gemm_plan {
  bool large = false;   ///< large tiles, else small ones
  bool split = false;   ///< chunks side by side, added afterwards
  bool copy_b = false;  ///< B is not padded or aligned as it stands
  std::uint64_t scratch_floats = 0;
};

/// Large tiles where they fill the device; chunks side by side where tiles alone do not.
inline gemm_plan plan_product(const gemm_shape& s, const float* b, std::uint32_t multiprocessors) {
  constexpr std::uint64_t slab_floats_max = std::uint64_t{1} << 26;
  const gemm_padding padded(s);
  const auto tiles = [&](std::uint32_t rows, std::uint32_t columns) {
    return std::uint64_t{(s.m + rows - 1) / rows} * ((s.n + columns - 1) / columns);
  };
  const std::uint64_t chunks = gemm_chunks(s);
  const std::uint64_t slabs = chunks * s.m * s.n;
  gemm_plan plan;
  const bool may_split = chunks > 1 && slabs <= slab_floats_max;
  plan.large = tiles(gemm_large_tile::rows, gemm_large_tile::columns) >= 2 * multiprocessors;
  plan.split = may_split && !plan.large &&
               tiles(gemm_small_tile::rows, gemm_small_tile::columns) < 2 * multiprocessors;
  plan.copy_b =
      padded.n != s.n || padded.k != s.k || reinterpret_cast<std::uintptr_t>(b) % 16 != 0;
  plan.scratch_floats =
      padded.a_floats() + (plan.copy_b ? padded.b_floats() : 0) + (plan.split ? slabs : 0);
  return plan;
}

/// Turns and pads what the plan says, into `scratch`.
inline gemm_operands prepare_operands(const float* a, const float* b, const gemm_shape& s,
                                      const gemm_plan& plan, float* scratch, cudaStream_t stream) {
  const gemm_padding padded(s);
  turn_padded<<<dim3((padded.k + 31) / 32, padded.m / 32), dim3(32, 8), 0, stream>>>(
      a, s, padded.m, padded.k, scratch);
  if (!plan.copy_b) return {scratch, b, s.n};
  float* copy = scratch + padded.a_floats();
  copy_padded<<<dim3(padded.n / 128, padded.k), 128, 0, stream>>>(b, s, padded.n, copy);
  return {scratch, copy, padded.n};
}

/// Enqueues the whole product. All pointers are device memory; `scratch` holds
/// plan.scratch_floats floats and is aligned to 256 bytes.
inline cudaError_t launch_product(const float* a, const float* b, const gemm_shape& s,
                                  const gemm_plan& plan, float* scratch, float* c,
                                  cudaStream_t stream = nullptr) {
  const gemm_padding padded(s);
  const auto from = prepare_operands(a, b, s, plan, scratch, stream);
  float* slabs = scratch + padded.a_floats() + (plan.copy_b ? padded.b_floats() : 0);
  float* to = plan.split ? slabs : c;
  const auto error = plan.large ? launch_tiles<gemm_large_tile>(from, s, plan.split, to, stream)
                                : launch_tiles<gemm_small_tile>(from, s, plan.split, to, stream);
  if (error != cudaSuccess || !plan.split) return error;
  const std::uint64_t count = std::uint64_t{s.m} * s.n;
  add_slabs<<<static_cast<unsigned>((count + 255) / 256), 256, 0, stream>>>(slabs, count,
                                                                          gemm_chunks(s), c);
  return cudaGetLastError();
}

}  // namespace datagen::kernels
