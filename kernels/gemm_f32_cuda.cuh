#pragma once

#include <cuda_pipeline_primitives.h>

#include <cstdint>

#include "gemm_f32.hpp"
#include "host_device.hpp"

/// gemm.f32 on a CUDA device: the order of gemm_f32.hpp, in tiles. nvcc only.
namespace datagen::kernels {

/// A block of `Rows` x `Columns` outputs; `Depth` k values per stage, `Stages` stages in shared
/// memory, all but one of them on their way. A thread holds 8 x 4*Groups sums, a warp 64 x
/// 16*Groups: its lanes form 8 x 4, so that a quarter of a warp reads each bank once.
template <int Rows, int Columns, int Depth, int Stages, int Groups, int Blocks>
struct gemm_tile {
  static constexpr int rows = Rows, columns = Columns, depth = Depth, stages = Stages;
  static constexpr int groups = Groups;      ///< of four columns, per thread
  static constexpr int blocks_min = Blocks;  ///< per multiprocessor, bounds the registers
  static constexpr int warps_across = Columns / (16 * Groups);
  static constexpr int threads = Rows / 64 * warps_across * 32;
  static constexpr int a_stride = Rows + 4;  ///< spreads the transposed stores over the banks
  static constexpr int stage_floats = Depth * (a_stride + Columns);
  static constexpr int shared_bytes = Stages * stage_floats * 4;
  static_assert(gemm_chunk % Depth == 0 && threads % Depth == 0 && Depth * Columns % (4 * threads) == 0);
};

/// Copies a block's part of A, turned so that k comes first, and its part of B, stage by stage.
/// Rows and columns past the edge repeat the last one, their products are dropped. k past the end
/// becomes -0 in A and +0 in B: adding their product, -0, changes no number, not even -0.
template <class Tile, bool Aligned>
class gemm_loader {
 public:
  __device__ gemm_loader(const float* a, const float* b, const gemm_shape& s, std::uint32_t row0,
                         std::uint32_t column0, std::uint32_t k_begin, std::uint32_t k_end)
      : a_(a), b_(b), b_step_(Tile::depth * s.n), k_(k_begin), k_end_(k_end) {
    const int me = threadIdx.x;
    for (int i = 0; i < a_copies; ++i)
      a_at_[i] = least(row0 + me / Tile::depth + i * (Tile::threads / Tile::depth), s.m - 1) * s.k +
                 k_begin + me % Tile::depth;
    for (int i = 0; i < b_copies; ++i) {
      const int at = (me + i * Tile::threads) * width;
      b_at_[i] = (k_begin + at / Tile::columns) * s.n + least(column0 + at % Tile::columns, s.n - width);
    }
  }

  /// Starts copying the next Depth values of k into `stage`.
  __device__ void next(float* stage) {
    const int me = threadIdx.x;
    float* rows = stage + me % Tile::depth * Tile::a_stride + me / Tile::depth;
    float* columns = stage + Tile::depth * Tile::a_stride;
#pragma unroll
    for (int i = 0; i < a_copies; ++i) {
      float* to = rows + i * (Tile::threads / Tile::depth);
      if (k_ + me % Tile::depth < k_end_)
        __pipeline_memcpy_async(to, a_ + a_at_[i], 4);
      else
        *to = -0.0f;
      a_at_[i] += Tile::depth;
    }
#pragma unroll
    for (int i = 0; i < b_copies; ++i) {
      const int at = (me + i * Tile::threads) * width;
      if (k_ + at / Tile::columns < k_end_)
        __pipeline_memcpy_async(columns + at, b_ + b_at_[i], 4 * width);
      else
        for (int j = 0; j < width; ++j) columns[at + j] = 0;
      b_at_[i] += b_step_;
    }
    k_ += Tile::depth;
    __pipeline_commit();
  }

 private:
  static constexpr int width = Aligned ? 4 : 1;  ///< floats of B per copy
  static constexpr int a_copies = Tile::rows * Tile::depth / Tile::threads;
  static constexpr int b_copies = Tile::columns * Tile::depth / (Tile::threads * width);

  const float* a_;
  const float* b_;
  std::uint32_t a_at_[a_copies], b_at_[b_copies];
  std::uint32_t b_step_, k_, k_end_;
};

/// The sums of one thread. Rows are two groups of four, 32 apart; columns 16 apart.
template <class Tile>
struct gemm_sums {
  float value[8][4 * Tile::groups];

  __device__ void clear() {
    for (auto& row : value)
      for (float& x : row) x = 0;
  }
  /// One k for all sums: `a` and `b` are this thread's place in the stage's line k.
  __device__ void multiply_add(const float* a, const float* b) {
    float left[8], right[4 * Tile::groups];
    for (int i = 0; i < 2; ++i)
      *reinterpret_cast<float4*>(left + 4 * i) = *reinterpret_cast<const float4*>(a + 32 * i);
    for (int j = 0; j < Tile::groups; ++j)
      *reinterpret_cast<float4*>(right + 4 * j) = *reinterpret_cast<const float4*>(b + 16 * j);
    for (int i = 0; i < 8; ++i)
      for (int j = 0; j < 4 * Tile::groups; ++j)
        value[i][j] = __fmaf_rn(left[i], right[j], value[i][j]);
  }
};

__device__ inline float gemm_canonical(float value) {
  return value != value ? __uint_as_float(0x7fc00000) : value;
}

/// Four neighbours of C: written for the first chunk, added to for later ones.
template <bool Aligned>
__device__ void store_four(float* c, const float* sum, std::uint32_t columns, bool first,
                           bool last) {
  float out[4];
  if (Aligned) {
    if (!first) *reinterpret_cast<float4*>(out) = *reinterpret_cast<const float4*>(c);
  } else if (!first) {
    for (std::uint32_t j = 0; j < 4; ++j) out[j] = j < columns ? c[j] : 0.0f;
  }
  for (int j = 0; j < 4; ++j) {
    out[j] = first ? sum[j] : __fadd_rn(out[j], sum[j]);
    if (last) out[j] = gemm_canonical(out[j]);
  }
  if (Aligned)
    *reinterpret_cast<float4*>(c) = *reinterpret_cast<const float4*>(out);
  else
    for (std::uint32_t j = 0; j < 4; ++j)
      if (j < columns) c[j] = out[j];
}

/// A thread's place in its block: top left of its sums.
template <class Tile>
struct gemm_place {
  int row, column;

  __device__ gemm_place() {
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    row = warp / Tile::warps_across * 64 + (lane >> 1 & 7) * 4;
    column = warp % Tile::warps_across * 16 * Tile::groups + ((lane >> 4 << 1) | (lane & 1)) * 4;
  }
};

/// Writes or adds one chunk's sums to C.
template <class Tile, bool Aligned>
__device__ void store_sums(const gemm_sums<Tile>& sums, const gemm_shape& s, std::uint32_t row,
                           std::uint32_t column, bool first, bool last, float* c) {
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    const std::uint32_t at_row = row + i / 4 * 32 + i % 4;
    for (int j = 0; j < Tile::groups; ++j) {
      const std::uint32_t at_column = column + 16 * j;
      if (at_row < s.m && at_column < s.n)
        store_four<Aligned>(c + std::uint64_t{at_row} * s.n + at_column, sums.value[i] + 4 * j,
                            least(4u, s.n - at_column), first, last);
    }
  }
}

/// One tile of C per block. With `split` a block computes chunk blockIdx.z alone and writes it to
/// slab blockIdx.z of `c`; otherwise it runs over all chunks and adds them up in C.
template <class Tile, bool Aligned>
__global__ __launch_bounds__(Tile::threads, Tile::blocks_min) void multiply_tiles(
    const float* a, const float* b, gemm_shape s, bool split, float* c) {
  extern __shared__ __align__(16) float stages[];
  const gemm_place<Tile> place;
  const std::uint32_t row0 = blockIdx.y * Tile::rows, column0 = blockIdx.x * Tile::columns;
  const std::uint32_t k_begin = split ? blockIdx.z * gemm_chunk : 0;
  const std::uint32_t k_end = split ? least(k_begin + gemm_chunk, s.k) : s.k;
  if (split) c += std::uint64_t{blockIdx.z} * s.m * s.n;

  gemm_loader<Tile, Aligned> load(a, b, s, row0, column0, k_begin, k_end);
  for (int i = 0; i < Tile::stages - 1; ++i) load.next(stages + i * Tile::stage_floats);
  int to = Tile::stages - 1, from = 0;  // stages
  for (std::uint32_t chunk = k_begin; chunk < k_end; chunk += gemm_chunk) {
    const std::uint32_t chunk_end = least(chunk + gemm_chunk, k_end);
    gemm_sums<Tile> sums;
    sums.clear();
#pragma unroll 1
    for (std::uint32_t k0 = chunk; k0 < chunk_end; k0 += Tile::depth) {
      __pipeline_wait_prior(Tile::stages - 2);
      __syncthreads();  // stage `from` is complete, and nobody reads stage `to` any more
      load.next(stages + to * Tile::stage_floats);
      const float* left = stages + from * Tile::stage_floats + place.row;
      const float* right =
          stages + from * Tile::stage_floats + Tile::depth * Tile::a_stride + place.column;
#pragma unroll
      for (int k = 0; k < Tile::depth; ++k)
        sums.multiply_add(left + k * Tile::a_stride, right + k * Tile::columns);
      to = to + 1 == Tile::stages ? 0 : to + 1;
      from = from + 1 == Tile::stages ? 0 : from + 1;
    }
    store_sums<Tile, Aligned>(sums, s, row0 + place.row, column0 + place.column, chunk == k_begin,
                              chunk_end == s.k && !split, c);
  }
}

/// Adds the chunks' slabs in ascending order.
static __global__ void add_slabs(const float* slabs, std::uint64_t count, std::uint32_t chunks, float* c) {
  const std::uint64_t i = std::uint64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i >= count) return;
  float total = slabs[i];
  for (std::uint32_t chunk = 1; chunk < chunks; ++chunk)
    total = __fadd_rn(total, slabs[chunk * count + i]);
  c[i] = gemm_canonical(total);
}

inline std::uint32_t gemm_chunks(const gemm_shape& s) { return (s.k + gemm_chunk - 1) / gemm_chunk; }

/// Launches one kernel; `c` has a slab per chunk when `split`. All pointers are device memory,
/// aligned to 16 bytes except b, which may be aligned to 4.
template <class Tile>
cudaError_t launch_tiles(const float* a, const float* b, const gemm_shape& s, bool split, float* c,
                         cudaStream_t stream) {
  const bool aligned = s.n % 4 == 0 && reinterpret_cast<std::uintptr_t>(b) % 16 == 0;
  const auto kernel = aligned ? multiply_tiles<Tile, true> : multiply_tiles<Tile, false>;
  if (const auto error = cudaFuncSetAttribute(
          kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, Tile::shared_bytes);
      error != cudaSuccess)
    return error;
  const dim3 blocks((s.n + Tile::columns - 1) / Tile::columns, (s.m + Tile::rows - 1) / Tile::rows,
                    split ? gemm_chunks(s) : 1);
  kernel<<<blocks, Tile::threads, Tile::shared_bytes, stream>>>(a, b, s, split, c);
  return cudaGetLastError();
}

using gemm_large_tile = gemm_tile<128, 128, 8, 4, 2, 2>;
using gemm_small_tile = gemm_tile<64, 64, 8, 4, 2, 8>;

/// How a product is cut for a device: never visible in the result.
struct gemm_plan {
  bool large = false;  ///< large tiles, else small ones
  bool split = false;  ///< chunks side by side, added afterwards
  std::uint64_t slab_floats = 0;
};

/// Large tiles where they fill the device; chunks side by side where tiles alone do not.
inline gemm_plan plan_product(const gemm_shape& s, std::uint32_t multiprocessors) {
  constexpr std::uint64_t slab_floats_max = std::uint64_t{1} << 26;
  const auto tiles = [&](std::uint32_t side) {
    return std::uint64_t{(s.m + side - 1) / side} * ((s.n + side - 1) / side);
  };
  const std::uint64_t chunks = gemm_chunks(s);
  const std::uint64_t slabs = chunks * s.m * s.n;
  gemm_plan plan;
  const bool may_split = chunks > 1 && slabs <= slab_floats_max;
  plan.large = tiles(128) * (may_split ? chunks : 1) * 10 >= multiprocessors * 9;
  plan.split = may_split && tiles(plan.large ? 128 : 64) < 2 * multiprocessors;
  plan.slab_floats = plan.split ? slabs : 0;
  return plan;
}

/// Enqueues the whole product. `slabs` holds plan.slab_floats floats.
inline cudaError_t launch_product(const float* a, const float* b, const gemm_shape& s,
                                  const gemm_plan& plan, float* slabs, float* c,
                                  cudaStream_t stream = nullptr) {
  float* to = plan.split ? slabs : c;
  const auto error = plan.large
                         ? launch_tiles<gemm_large_tile>(a, b, s, plan.split, to, stream)
                         : launch_tiles<gemm_small_tile>(a, b, s, plan.split, to, stream);
  if (error != cudaSuccess || !plan.split) return error;
  const std::uint64_t count = std::uint64_t{s.m} * s.n;
  add_slabs<<<static_cast<unsigned>((count + 255) / 256), 256, 0, stream>>>(slabs, count,
                                                                          gemm_chunks(s), c);
  return cudaGetLastError();
}

}  // namespace datagen::kernels
