#pragma once

#include <cuda_pipeline_primitives.h>

#include <cstdint>

#include "host_device.hpp"

/// gemm.i8 on a CUDA device: tensor cores, whose integer products and sums are exact. nvcc only.
namespace datagen::kernels {

/// C (m x n) = A (m x k) * B (k x n), each row by row.
struct i8_shape {
  std::uint32_t m = 0, k = 0, n = 0;

  DATAGEN_HD static std::uint32_t rounded_up(std::uint32_t x, std::uint32_t to) {
    return (x + to - 1) / to * to;
  }
  DATAGEN_HD std::uint32_t padded_m() const { return rounded_up(m, 128); }
  DATAGEN_HD std::uint32_t padded_k() const { return rounded_up(k, 128); }
  DATAGEN_HD std::uint32_t padded_n() const { return rounded_up(n, 256); }
  /// A and the transpose of B, rows padded with zeros.
  std::uint64_t packed_bytes() const {
    return std::uint64_t{padded_k()} * (padded_m() + padded_n());
  }
};

/// A block of 128 x 32*Across outputs, 64 bytes of k per stage. Eight warps, two by four, of
/// 64 x 8*Across outputs each.
template <int Across, int Stages, int Blocks>
struct i8_tile {
  static constexpr int rows = 128, columns = 32 * Across, depth = 64;
  static constexpr int across = Across;      ///< 8-column products per warp
  static constexpr int stages = Stages;
  static constexpr int blocks_min = Blocks;  ///< per multiprocessor, bounds the registers
  static constexpr int threads = 256;
  static constexpr int line = depth + 16;    ///< bytes: eight lines then touch all banks once
  static constexpr int stage_bytes = (rows + columns) * line;
  static constexpr int shared_bytes = stages * stage_bytes;
};

/// Copies rows of `bytes` bytes into rows of `padded` bytes, zeros behind and below.
static __global__ void pad_rows(const std::int8_t* from, std::uint32_t rows, std::uint32_t bytes,
                                std::uint32_t padded, std::uint64_t count, std::int8_t* to) {
  const std::uint64_t i = std::uint64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i >= count) return;
  const auto row = static_cast<std::uint32_t>(i / padded), at = static_cast<std::uint32_t>(i % padded);
  to[i] = row < rows && at < bytes ? from[std::uint64_t{row} * bytes + at] : std::int8_t{0};
}

/// Byte j of four words as one word, for each j: a 4x4 transpose.
__device__ inline void transpose_bytes(std::uint32_t (&w)[4]) {
  const std::uint32_t a = __byte_perm(w[0], w[1], 0x5140), b = __byte_perm(w[2], w[3], 0x5140);
  const std::uint32_t c = __byte_perm(w[0], w[1], 0x7362), d = __byte_perm(w[2], w[3], 0x7362);
  w[0] = __byte_perm(a, b, 0x5410), w[1] = __byte_perm(a, b, 0x7632);
  w[2] = __byte_perm(c, d, 0x5410), w[3] = __byte_perm(c, d, 0x7632);
}

/// Rows k to k+3 of B, columns n to n+3, a word each; zeros outside.
__device__ inline void load_square(const std::int8_t* b, const i8_shape& s, std::uint32_t k,
                                   std::uint32_t n, std::uint32_t (&w)[4]) {
  const bool whole = n + 4 <= s.n && s.n % 4 == 0 && reinterpret_cast<std::uintptr_t>(b) % 4 == 0;
  for (std::uint32_t i = 0; i < 4 && k + i < s.k; ++i) {
    const std::int8_t* line = b + std::uint64_t{k + i} * s.n + n;
    if (whole)
      w[i] = *reinterpret_cast<const std::uint32_t*>(line);
    else
      for (std::uint32_t j = 0; j < 4 && n + j < s.n; ++j)
        w[i] |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(line[j])) << (8 * j);
  }
}

/// Writes the transpose of B: padded_n rows of padded_k bytes, zeros outside. A thread turns 4x4.
static __global__ void transpose_padded(const std::int8_t* b, i8_shape s, std::uint32_t padded_k,
                                        std::int8_t* to) {
  const std::uint32_t k = (blockIdx.x * 16 + threadIdx.x % 16) * 4;
  const std::uint32_t n = (blockIdx.y * 16 + threadIdx.x / 16) * 4;
  std::uint32_t w[4] = {};
  load_square(b, s, k, n, w);
  transpose_bytes(w);
  for (std::uint32_t j = 0; j < 4; ++j)
    *reinterpret_cast<std::uint32_t*>(to + std::uint64_t{n + j} * padded_k + k) = w[j];
}

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800

/// Four 8x8 matrices of 16-bit pairs, rows at the lanes' addresses (PTX ISA: ldmatrix).
__device__ inline void load_matrices(std::uint32_t (&to)[4], const std::int8_t* shared) {
  const auto at = static_cast<std::uint32_t>(__cvta_generic_to_shared(shared));
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
               : "r"(at));
}

/// 16x8 += 16x32 * 32x8 in bytes (PTX ISA: mma.m16n8k32).
__device__ inline void multiply_add(std::int32_t (&c)[4], const std::uint32_t (&a)[4],
                                    std::uint32_t b0, std::uint32_t b1) {
  asm volatile(
      "mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
      "{%0,%1,%2,%3};"
      : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

/// Copies the next 64 bytes of k of a block's rows of A and of B's transpose, stage by stage.
template <class Tile>
class i8_loader {
 public:
  __device__ i8_loader(const std::int8_t* a, const std::int8_t* b, std::uint32_t padded_k)
      : padded_k_(padded_k), left_(padded_k / Tile::depth) {
    const int row = threadIdx.x / 4, piece = threadIdx.x % 4 * 16;
    a_ = a + std::uint64_t{blockIdx.y * Tile::rows + row} * padded_k + piece;
    b_ = b + std::uint64_t{blockIdx.x * Tile::columns + row} * padded_k + piece;
    to_ = row * Tile::line + piece;
  }

  __device__ void next(std::int8_t* stage) {
    if (left_ > 0) {
#pragma unroll
      for (int i = 0; i < Tile::rows / 64; ++i)
        __pipeline_memcpy_async(stage + to_ + i * 64 * Tile::line,
                                a_ + std::uint64_t{64} * i * padded_k_, 16);
#pragma unroll
      for (int i = 0; i < Tile::columns / 64; ++i)
        __pipeline_memcpy_async(stage + to_ + (Tile::rows + i * 64) * Tile::line,
                                b_ + std::uint64_t{64} * i * padded_k_, 16);
      a_ += Tile::depth;
      b_ += Tile::depth;
      --left_;
    }
    __pipeline_commit();
  }

 private:
  const std::int8_t* a_;
  const std::int8_t* b_;
  std::uint32_t padded_k_, left_;
  int to_;
};

/// One warp's sums: four by Across products of 16x8.
template <class Tile>
struct i8_sums {
  std::int32_t value[4][Tile::across][4];

  /// 32 bytes of k: `a` and `b` are this warp's rows of the stage.
  __device__ void multiply(const std::int8_t* a, const std::int8_t* b) {
    const int lane = threadIdx.x % 32;
    std::uint32_t left[4][4];
#pragma unroll
    for (int i = 0; i < 4; ++i)
      load_matrices(left[i], a + (16 * i + lane % 16) * Tile::line + lane / 16 * 16);
#pragma unroll
    for (int j = 0; j < Tile::across; j += 2) {
      std::uint32_t right[4];  // two products' B
      load_matrices(right,
                    b + (8 * j + lane / 16 * 8 + lane % 8) * Tile::line + lane / 8 % 2 * 16);
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        multiply_add(value[i][j], left[i], right[0], right[1]);
        multiply_add(value[i][j + 1], left[i], right[2], right[3]);
      }
    }
  }

  __device__ void store(const i8_shape& s, std::uint32_t row0, std::uint32_t column0,
                        std::int32_t* c) const {
    const std::uint32_t lane = threadIdx.x % 32;
#pragma unroll
    for (int i = 0; i < 4; ++i)
#pragma unroll
      for (int j = 0; j < Tile::across; ++j)
#pragma unroll
        for (int e = 0; e < 4; ++e) {
          const std::uint32_t row = row0 + 16 * i + lane / 4 + e / 2 * 8;
          const std::uint32_t column = column0 + 8 * j + lane % 4 * 2 + e % 2;
          if (row < s.m && column < s.n) c[std::uint64_t{row} * s.n + column] = value[i][j][e];
        }
  }
};

#endif

/// A block of C from padded A and padded transposed B.
template <class Tile>
__global__ __launch_bounds__(Tile::threads, Tile::blocks_min) void multiply_byte_tiles(
    const std::int8_t* a, const std::int8_t* b, i8_shape s, std::uint32_t padded_k,
    std::int32_t* c) {
#if __CUDA_ARCH__ >= 800
  extern __shared__ __align__(16) std::int8_t byte_stages[];
  i8_loader<Tile> load(a, b, padded_k);
  for (int i = 0; i < Tile::stages - 1; ++i) load.next(byte_stages + i * Tile::stage_bytes);
  const int warp = threadIdx.x / 32;
  const int row = warp / 4 * 64, column = warp % 4 * 8 * Tile::across;
  i8_sums<Tile> sums = {};
  int to = Tile::stages - 1, from = 0;
#pragma unroll 1
  for (std::uint32_t k0 = 0; k0 < padded_k; k0 += Tile::depth) {
    __pipeline_wait_prior(Tile::stages - 2);
    __syncthreads();  // stage `from` is complete, and nobody reads stage `to` any more
    load.next(byte_stages + to * Tile::stage_bytes);
    const std::int8_t* left = byte_stages + from * Tile::stage_bytes + row * Tile::line;
    const std::int8_t* right =
        byte_stages + from * Tile::stage_bytes + (Tile::rows + column) * Tile::line;
#pragma unroll
    for (int k = 0; k < Tile::depth; k += 32) sums.multiply(left + k, right + k);
    to = to + 1 == Tile::stages ? 0 : to + 1;
    from = from + 1 == Tile::stages ? 0 : from + 1;
  }
  sums.store(s, blockIdx.y * Tile::rows + row, blockIdx.x * Tile::columns + column, c);
#endif
}

/// True when the current device has tensor cores for bytes in this shape (8.0 or newer).
inline bool device_has_byte_tiles() {
  int device = 0, major = 0;
  cudaGetDevice(&device);
  cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device);
  return major >= 8;
}

template <class Tile>
cudaError_t launch_byte_tiles(const std::int8_t* a, const std::int8_t* b, const i8_shape& s,
                              std::int32_t* c, cudaStream_t stream) {
  const auto kernel = multiply_byte_tiles<Tile>;
  if (const auto error = cudaFuncSetAttribute(
          kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, Tile::shared_bytes);
      error != cudaSuccess)
    return error;
  const dim3 blocks((s.n + Tile::columns - 1) / Tile::columns, (s.m + Tile::rows - 1) / Tile::rows);
  kernel<<<blocks, Tile::threads, Tile::shared_bytes, stream>>>(a, b, s, s.padded_k(), c);
  return cudaGetLastError();
}

using i8_large_tile = i8_tile<8, 3, 1>;  ///< 128 x 256, 92,160 bytes of shared memory
using i8_small_tile = i8_tile<4, 4, 1>;  ///< 128 x 128, 81,920 bytes

/// Both matrices as the products read them.
struct i8_operands {
  const std::int8_t* a;
  const std::int8_t* b;  ///< turned
};

/// Pads A where that is needed and turns B, into `packed` of s.packed_bytes() bytes.
inline i8_operands pack_i8_operands(const std::int8_t* a, const std::int8_t* b, const i8_shape& s,
                                    std::int8_t* packed, cudaStream_t stream) {
  const std::uint32_t padded_k = s.padded_k();
  std::int8_t* turned = packed + std::uint64_t{padded_k} * s.padded_m();
  const bool in_place = s.k == padded_k && s.m == s.padded_m() &&
                        reinterpret_cast<std::uintptr_t>(a) % 16 == 0;
  if (!in_place) {
    const std::uint64_t count = std::uint64_t{padded_k} * s.padded_m();
    pad_rows<<<static_cast<unsigned>((count + 255) / 256), 256, 0, stream>>>(a, s.m, s.k, padded_k,
                                                                           count, packed);
  }
  transpose_padded<<<dim3(padded_k / 64, s.padded_n() / 64), 256, 0, stream>>>(b, s, padded_k,
                                                                             turned);
  return {in_place ? a : packed, turned};
}

}  // namespace datagen::kernels
