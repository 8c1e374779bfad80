#pragma once

#include <cstdint>

/// The instructions of compute capability 9.0 that gemm.i8 needs, one function each (PTX ISA 8.x:
/// wgmma, mbarrier, cp.async.bulk). Compiled for sm_90a alone. nvcc only.
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
namespace datagen::kernels {

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
#define DATAGEN_NAMES_0                                                                        \
  "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "                     \
  "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31"
#define DATAGEN_NAMES_1                                                                        \
  ", %32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "         \
  "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63"
#define DATAGEN_NAMES_2                                                                        \
  ", %64, %65, %66, %67, %68, %69, %70, %71, %72, %73, %74, %75, %76, %77, %78, %79, "         \
  "%80, %81, %82, %83, %84, %85, %86, %87, %88, %89, %90, %91, %92, %93, %94, %95, "           \
  "%96, %97, %98, %99, %100, %101, %102, %103, %104, %105, %106, %107, %108, %109, %110, %111, " \
  "%112, %113, %114, %115, %116, %117, %118, %119, %120, %121, %122, %123, %124, %125, %126, %127"
#define DATAGEN_WGMMA(columns, names, a, b, more)                                   \
  "{.reg .pred add;\n"                                                              \
  "setp.ne.b32 add, " more ", 0;\n"                                                 \
  "wgmma.mma_async.sync.aligned.m64n" columns "k32.s32.s8.s8 {" names "}, " a ", " b ", add;}\n"

/// 64 x N = 64x32 * 32xN in bytes, by a whole warp group, and the sums so far besides if `more`; N is
/// twice the sums of a thread.
__device__ inline void group_multiply_add(std::int32_t (&d)[32], std::uint64_t a, std::uint64_t b,
                                          std::uint32_t more) {
  asm volatile(DATAGEN_WGMMA("64", DATAGEN_NAMES_0, "%32", "%33", "%34")
               : DATAGEN_SUMS_32(0)
               : "l"(a), "l"(b), "r"(more));
}
__device__ inline void group_multiply_add(std::int32_t (&d)[64], std::uint64_t a, std::uint64_t b,
                                          std::uint32_t more) {
  asm volatile(DATAGEN_WGMMA("128", DATAGEN_NAMES_0 DATAGEN_NAMES_1, "%64", "%65", "%66")
               : DATAGEN_SUMS_32(0), DATAGEN_SUMS_32(32)
               : "l"(a), "l"(b), "r"(more));
}
__device__ inline void group_multiply_add(std::int32_t (&d)[128], std::uint64_t a, std::uint64_t b,
                                          std::uint32_t more) {
  asm volatile(DATAGEN_WGMMA("256", DATAGEN_NAMES_0 DATAGEN_NAMES_1 DATAGEN_NAMES_2, "%128", "%129", "%130")
               : DATAGEN_SUMS_32(0), DATAGEN_SUMS_32(32), DATAGEN_SUMS_32(64), DATAGEN_SUMS_32(96)
               : "l"(a), "l"(b), "r"(more));
}
#undef DATAGEN_WGMMA
#undef DATAGEN_NAMES_2
#undef DATAGEN_NAMES_1
#undef DATAGEN_NAMES_0
#undef DATAGEN_SUMS_32
#undef DATAGEN_SUMS_8

__device__ inline void begin_products() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }
__device__ inline void commit_products() {
  asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}
/// Waits until at most `Left` committed groups are unfinished.
template <int Left>
__device__ void wait_products() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(Left) : "memory");
}

__device__ inline std::uint32_t shared_address(const void* at) {
  return static_cast<std::uint32_t>(__cvta_generic_to_shared(at));
}

__device__ inline void init_barrier(std::uint32_t barrier, std::uint32_t arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(barrier), "r"(arrivals) : "memory");
}
__device__ inline void publish_barriers() {
  asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
}
/// Arrives, and lets the phase wait for so many bytes besides.
__device__ inline void expect_bytes(std::uint32_t barrier, std::uint32_t bytes) {
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(barrier), "r"(bytes)
               : "memory");
}
/// Waits for the end of the phase of this parity.
__device__ inline void wait_barrier(std::uint32_t barrier, std::uint32_t parity) {
  asm volatile(
      "{.reg .pred done;\n"
      "again:\n"
      "mbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1;\n"
      "@done bra.uni over;\n"
      "bra.uni again;\n"
      "over:}\n" ::"r"(barrier), "r"(parity)
      : "memory");
}
__device__ inline void arrive_at(std::uint32_t barrier) {
  asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(barrier) : "memory");
}

/// Enqueues a copy into this block's shared memory, whose bytes count for `barrier`.
__device__ inline void copy_bulk(std::uint32_t to, const void* from, std::uint32_t bytes,
                                 std::uint32_t barrier) {
  asm volatile(
      "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::"r"(to),
      "l"(from), "r"(bytes), "r"(barrier)
      : "memory");
}

}  // namespace datagen::kernels
#endif
