#pragma once

#include "gemm_i8_cuda.cuh"

/// gemm.i8 by warp groups of four warps, which read both matrices from shared memory (PTX ISA:
/// wgmma). Compute capability 9.0, compiled for sm_90a. nvcc only.
namespace datagen::kernels {

/// A block of 128 x 256 outputs, 128 bytes of k per stage. Two warp groups of 64 x 256 each. Copies
/// run two stages ahead: the fourth stage is still being read while the next is written.
struct i8_group_tile {
  static constexpr int rows = 128, columns = 256, depth = 128;
  static constexpr int stages = 4, ahead = 2;
  static constexpr int threads = 256;
  static constexpr int stage_bytes = (rows + columns) * depth;
  static constexpr int shared_bytes = stages * stage_bytes + 1024;  ///< and room to align
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

/// Where a matrix of 128-byte lines begins, for wgmma: 128-byte swizzle (bits 62-63), eight lines
/// apart by 1024 bytes (bits 32-45).
__device__ inline std::uint64_t matrix_descriptor(std::uint32_t shared_address) {
  return std::uint64_t{1} << 62 | std::uint64_t{1024 >> 4} << 32 | std::uint64_t{1} << 16 |
         ((shared_address & 0x3ffff) >> 4);
}

#define DATAGEN_SUMS_8(i)                                                                        \
  "+r"(d[i]), "+r"(d[i + 1]), "+r"(d[i + 2]), "+r"(d[i + 3]), "+r"(d[i + 4]), "+r"(d[i + 5]),    \
      "+r"(d[i + 6]), "+r"(d[i + 7])
#define DATAGEN_SUMS_32(i) \
  DATAGEN_SUMS_8(i), DATAGEN_SUMS_8(i + 8), DATAGEN_SUMS_8(i + 16), DATAGEN_SUMS_8(i + 24)

/// 64x256 += 64x32 * 32x256 in bytes, by a whole warp group.
__device__ inline void group_multiply_add(std::int32_t (&d)[128], std::uint64_t a, std::uint64_t b) {
  asm volatile(
      "{.reg .pred add;\n"
      "setp.ne.b32 add, 1, 0;\n"
      "wgmma.mma_async.sync.aligned.m64n256k32.s32.s8.s8 "
      "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
      "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, "
      "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "
      "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63, "
      "%64, %65, %66, %67, %68, %69, %70, %71, %72, %73, %74, %75, %76, %77, %78, %79, "
      "%80, %81, %82, %83, %84, %85, %86, %87, %88, %89, %90, %91, %92, %93, %94, %95, "
      "%96, %97, %98, %99, %100, %101, %102, %103, %104, %105, %106, %107, %108, %109, %110, %111, "
      "%112, %113, %114, %115, %116, %117, %118, %119, %120, %121, %122, %123, %124, %125, %126, %127}, "
      "%128, %129, add;}\n"
      : DATAGEN_SUMS_32(0), DATAGEN_SUMS_32(32), DATAGEN_SUMS_32(64), DATAGEN_SUMS_32(96)
      : "l"(a), "l"(b));
}
#undef DATAGEN_SUMS_32
#undef DATAGEN_SUMS_8

/// Copies 128 bytes of k of `Lines` lines, 16 bytes each; within a line the pieces are swizzled by
/// the line's number, as the descriptor says.
template <int Lines>
__device__ void copy_lines(const std::int8_t* from, std::uint32_t padded_k, std::int8_t* stage) {
#pragma unroll
  for (int i = 0; i < Lines / 32; ++i) {
    const int line = i * 32 + threadIdx.x / 8, piece = threadIdx.x % 8;
    __pipeline_memcpy_async(stage + line * 128 + (piece ^ (line & 7)) * 16,
                            from + std::uint64_t{static_cast<unsigned>(line)} * padded_k + piece * 16,
                            16);
  }
}

__device__ inline void store_group_sums(const std::int32_t (&d)[128], const i8_shape& s,
                                        std::uint32_t row0, std::uint32_t column0, std::int32_t* c) {
  const std::uint32_t lane = threadIdx.x % 32;
  const std::uint32_t row = row0 + threadIdx.x % 128 / 32 * 16 + lane / 4;
#pragma unroll
  for (int j = 0; j < 32; ++j)
#pragma unroll
    for (int e = 0; e < 4; ++e) {
      const std::uint32_t at_row = row + e / 2 * 8;
      const std::uint32_t at_column = column0 + 8 * j + lane % 4 * 2 + e % 2;
      if (at_row < s.m && at_column < s.n)
        c[std::uint64_t{at_row} * s.n + at_column] = d[4 * j + e];
    }
}

#endif

/// A block of C from padded A and padded turned B.
static __global__ __launch_bounds__(i8_group_tile::threads, 1) void multiply_byte_groups(
    const std::int8_t* a, const std::int8_t* b, i8_shape s, std::uint32_t padded_k,
    std::int32_t* c) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
  using tile = i8_group_tile;
  extern __shared__ std::int8_t unaligned_stages[];
  std::int8_t* const stages =
      unaligned_stages + (-static_cast<std::uint32_t>(__cvta_generic_to_shared(unaligned_stages)) & 1023);
  const auto shared = static_cast<std::uint32_t>(__cvta_generic_to_shared(stages));
  a += std::uint64_t{blockIdx.y * tile::rows} * padded_k;
  b += std::uint64_t{blockIdx.x * tile::columns} * padded_k;
  const int steps = static_cast<int>(padded_k / tile::depth);
  const auto load = [&](int step) {
    if (step < steps) {
      std::int8_t* const stage = stages + step % tile::stages * tile::stage_bytes;
      copy_lines<tile::rows>(a + step * tile::depth, padded_k, stage);
      copy_lines<tile::columns>(b + step * tile::depth, padded_k, stage + tile::rows * 128);
    }
    __pipeline_commit();
  };
  for (int step = 0; step < tile::ahead; ++step) load(step);
  const int group = threadIdx.x / 128;
  std::int32_t sums[128] = {};
#pragma unroll 1
  for (int step = 0; step < steps; ++step) {
    __pipeline_wait_prior(tile::ahead - 1);
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");  // copies, for wgmma to see
    __syncthreads();  // this stage is complete, and both groups are done with the one before last
    load(step + tile::ahead);
    const std::uint32_t stage = shared + step % tile::stages * tile::stage_bytes;
    const std::uint64_t left = matrix_descriptor(stage + group * 64 * 128);
    const std::uint64_t right = matrix_descriptor(stage + tile::rows * 128);
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
#pragma unroll
    for (int k = 0; k < 4; ++k)  // 32 bytes further: 2 in units of 16
      group_multiply_add(sums, left + 2 * k, right + 2 * k);
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
    asm volatile("wgmma.wait_group.sync.aligned 1;" ::: "memory");
  }
  asm volatile("wgmma.wait_group.sync.aligned 0;" ::: "memory");
  store_group_sums(sums, s, blockIdx.y * tile::rows + group * 64, blockIdx.x * tile::columns, c);
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

inline cudaError_t launch_byte_groups(const std::int8_t* a, const std::int8_t* b, const i8_shape& s,
                                      std::int32_t* c, cudaStream_t stream) {
  using tile = i8_group_tile;
  if (const auto error =
          cudaFuncSetAttribute(multiply_byte_groups, cudaFuncAttributeMaxDynamicSharedMemorySize,
                               tile::shared_bytes);
      error != cudaSuccess)
    return error;
  const dim3 blocks((s.n + tile::columns - 1) / tile::columns, (s.m + tile::rows - 1) / tile::rows);
  multiply_byte_groups<<<blocks, tile::threads, tile::shared_bytes, stream>>>(a, b, s, s.padded_k(),
                                                                             c);
  return cudaGetLastError();
}

/// Enqueues packing and product. `packed` holds s.packed_bytes() bytes.
inline cudaError_t launch_i8_product(const std::int8_t* a, const std::int8_t* b, const i8_shape& s,
                                     std::int8_t* packed, std::int32_t* c,
                                     cudaStream_t stream = nullptr) {
  const i8_operands from = pack_i8_operands(a, b, s, packed, stream);
  const bool large = std::uint64_t{s.padded_m() / 128} * (s.padded_n() / 256) >= 100;
  if (device_has_byte_groups()) return launch_byte_groups(from.a, from.b, s, c, stream);
  return large ? launch_byte_tiles<i8_large_tile>(from.a, from.b, s, c, stream)
               : launch_byte_tiles<i8_small_tile>(from.a, from.b, s, c, stream);
}

}  // namespace datagen::kernels
