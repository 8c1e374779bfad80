/// Figures of the CUDA kernels beside cuBLAS and beside what the device can do at most; best of
/// interleaved rounds between events on the device, without copies from or to the host.
/// Usage: kernels_bench_gpu [LIBCUBLAS.so]. Without cuBLAS its rows say so.
#include <cublas_v2.h>
#include <dlfcn.h>

#include <cub/device/device_radix_sort.cuh>

#include <cstdint>
#include <cstring>
#include <string>

#include "device_rates.cuh"
#include "kernels/gemm_f32_cuda.cuh"
#include "kernels/gemm_i8_hopper.cuh"
#include "kernels/sha256.hpp"
#include "link_rows.cuh"
#include "nbody_rows.cuh"

namespace {

using namespace datagen::bench;
using namespace datagen::kernels;

using gemm_ex_call = cublasStatus_t (*)(cublasHandle_t, cublasOperation_t, cublasOperation_t, int,
                                        int, int, const void*, const void*, cudaDataType, int,
                                        const void*, cudaDataType, int, const void*, void*,
                                        cudaDataType, int, cublasComputeType_t, cublasGemmAlgo_t);

/// cuBLAS, loaded at run time so that the program also runs without it.
struct blas {
  cublasHandle_t handle = nullptr;
  decltype(&cublasSgemm_v2) sgemm = nullptr;
  gemm_ex_call gemm_ex = nullptr;

  explicit blas(const char* path) {
    void* library = nullptr;
    for (const char* name : {path, "libcublas.so.13", "libcublas.so.12"})
      if (library == nullptr && name != nullptr) library = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
    if (library == nullptr) {
      std::printf("cuBLAS: %s\n", dlerror());
      return;
    }
    const auto create = reinterpret_cast<decltype(&cublasCreate_v2)>(dlsym(library, "cublasCreate_v2"));
    const auto mode = reinterpret_cast<decltype(&cublasSetMathMode)>(dlsym(library, "cublasSetMathMode"));
    sgemm = reinterpret_cast<decltype(&cublasSgemm_v2)>(dlsym(library, "cublasSgemm_v2"));
    gemm_ex = reinterpret_cast<gemm_ex_call>(dlsym(library, "cublasGemmEx"));
    if (create == nullptr || gemm_ex == nullptr || mode == nullptr || sgemm == nullptr ||
        create(&handle) != CUBLAS_STATUS_SUCCESS ||
        mode(handle, CUBLAS_PEDANTIC_MATH) != CUBLAS_STATUS_SUCCESS) {
      std::printf("cuBLAS is there but does not start\n");
      sgemm = nullptr;
    }
  }
};

__global__ void fill(float* to, std::size_t count) {
  const std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i < count) to[i] = static_cast<float>((i * 2654435761u >> 8 & 0xffff)) * 0x1p-15f - 1.0f;
}

__global__ void fill_keys(std::uint64_t* to, std::uint64_t count) {
  const std::uint64_t i = std::uint64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i < count) to[i] = (i + 1) * 0x9e3779b97f4a7c15u ^ i << 23;
}

/// Counts numbers that differ.
__global__ void compare(const std::int32_t* x, const std::int32_t* y, std::size_t count,
                        unsigned long long* different) {
  const std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i < count && x[i] != y[i]) atomicAdd(different, 1ull);
}

/// A way to compute the product, for the table of tiles.
struct candidate {
  const char* name;
  cudaError_t (*launch)(const gemm_operands&, const gemm_shape&, bool, float*, cudaStream_t);
};

constexpr candidate candidates[] = {
    {"64x64x16/3", launch_tiles<gemm_tile<64, 64, 16, 3, 8>>},
    {"64x128x16/3", launch_tiles<gemm_tile<64, 128, 16, 3, 4>>},
    {"128x64x16/3", launch_tiles<gemm_tile<128, 64, 16, 3, 4>>},
    {"128x128x8/4", launch_tiles<gemm_tile<128, 128, 8, 4, 2>>},
    {"128x128x16/3", launch_tiles<gemm_tile<128, 128, 16, 3, 2>>},
    {"128x128x16/3, 1 block", launch_tiles<gemm_tile<128, 128, 16, 3, 1>>},
    {"256x128x16/3", launch_tiles<gemm_tile<256, 128, 16, 3, 1>>},
};

/// The tiles' own speed, operands prepared, with chunks one after the other and side by side.
void tile_rows(const gemm_operands& from, const gemm_shape& shape, float* slabs) {
  const double teraflop = 2e-12 * shape.m * shape.n * shape.k;
  std::vector<std::function<void()>> bodies;
  for (const auto& x : candidates)
    for (bool split : {false, true})
      bodies.push_back([&, split] { require(x.launch(from, shape, split, slabs, nullptr), x.name); });
  const auto best = device_best(5, shape.n <= 2048 ? 20 : 3, bodies);
  for (std::size_t i = 0; i < std::size(candidates); ++i)
    std::printf("  tile %-22s %.1f TFLOP/s; chunks side by side %.1f\n", candidates[i].name,
                teraflop / best[2 * i], teraflop / best[2 * i + 1]);
}

void gemm_row(const blas& peer, std::uint32_t n) {
  const std::size_t count = std::size_t{n} * n;
  const gemm_shape shape{n, n, n};
  int multiprocessors = 0;
  cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, 0);
  const device_memory<float> a(count), b(count), c(count), d(count);
  const gemm_plan plan = plan_product(shape, b.data(), static_cast<std::uint32_t>(multiprocessors));
  const device_memory<float> scratch(plan.scratch_floats);
  const auto blocks = static_cast<unsigned>((count + 255) / 256);
  fill<<<blocks, 256>>>(a.data(), count);
  fill<<<blocks, 256>>>(b.data(), count);
  const float one = 1, zero = 0;
  const int side = static_cast<int>(n);
  const auto best = device_best(
      5, n <= 2048 ? 20 : 3,
      {[&] {
         require(launch_product(a.data(), b.data(), shape, plan, scratch.data(), c.data()), "gemm.f32");
       },
       [&] {
         if (peer.sgemm != nullptr)  // column-major: C^T = B^T A^T
           peer.sgemm(peer.handle, CUBLAS_OP_N, CUBLAS_OP_N, side, side, side, &one, b.data(), side,
                      a.data(), side, &zero, d.data(), side);
       },
       [&] { prepare_operands(a.data(), b.data(), shape, plan, scratch.data(), nullptr); }});
  const double teraflop = 2e-12 * n * n * n;
  std::printf("gemm.f32 %u: %.1f TFLOP/s (%s tiles%s; turning A takes %.1f %%)", n,
              teraflop / best[0], plan.large ? "large" : "small",
              plan.split ? ", chunks side by side" : "", 100 * best[2] / best[0]);
  if (peer.sgemm != nullptr)
    std::printf("; cuBLAS without TF32 %.1f; ours / cuBLAS = %.2f", teraflop / best[1],
                best[1] / best[0]);
  std::printf("\n");
  const device_memory<float> slabs(count * gemm_chunks(shape));
  tile_rows(prepare_operands(a.data(), b.data(), shape, plan, scratch.data(), nullptr), shape,
            slabs.data());
}

/// The product of operands in panels by one kind of tile.
template <class Tile>
std::function<void()> group_body(const i8_operands& from, const i8_shape& shape, std::int32_t* c) {
  return [=] {
    if (device_has_byte_groups())
      require(launch_byte_groups<Tile>(from, shape, c, nullptr), "warp groups");
  };
}

/// cuBLAS gets B turned already, which it wants and we do ourselves.
void gemm_i8_row(const blas& peer, std::uint32_t n) {
  const std::size_t count = std::size_t{n} * n;
  const i8_shape shape{n, n, n};
  const device_memory<std::int8_t> a(count), b(count), packed(shape.packed_bytes());
  const device_memory<std::int8_t> panels(shape.packed_bytes());
  const device_memory<std::int32_t> c(count), d(count);
  const auto fill_blocks = static_cast<unsigned>((count / 8 + 255) / 256);
  fill_keys<<<fill_blocks, 256>>>(reinterpret_cast<std::uint64_t*>(a.data()), count / 8);
  fill_keys<<<fill_blocks, 256>>>(reinterpret_cast<std::uint64_t*>(b.data()), count / 8);
  const std::int8_t* turned = pack_i8_operands(a.data(), b.data(), shape, packed.data(), nullptr).b;
  const i8_operands in_panels = pack_group_operands(a.data(), b.data(), shape, panels.data(), nullptr);
  const std::int32_t one = 1, zero = 0;
  const int side = static_cast<int>(n);
  cublasStatus_t status = CUBLAS_STATUS_SUCCESS;
  constexpr std::size_t packing_body = 4;
  std::vector<std::function<void()>> bodies = {
      [&] { require(launch_i8_product(a.data(), b.data(), shape, panels.data(), c.data()), "gemm.i8"); },
      [&] {
        if (peer.sgemm != nullptr)
          status = peer.gemm_ex(peer.handle, CUBLAS_OP_T, CUBLAS_OP_N, side, side, side, &one,
                                turned, CUDA_R_8I, side, a.data(), CUDA_R_8I, side, &zero,
                                d.data(), CUDA_R_32I, side, CUBLAS_COMPUTE_32I,
                                CUBLAS_GEMM_DEFAULT);
      },
      [&] { require(launch_byte_tiles<i8_large_tile>(a.data(), turned, shape, c.data(), nullptr), "128x256"); },
      [&] { require(launch_byte_tiles<i8_small_tile>(a.data(), turned, shape, c.data(), nullptr), "128x128"); },
      [&] { pack_group_operands(a.data(), b.data(), shape, panels.data(), nullptr); },
      group_body<i8_wide_groups>(in_panels, shape, c.data()),
      group_body<i8_middle_groups>(in_panels, shape, c.data()),
      group_body<i8_narrow_groups>(in_panels, shape, c.data())};
  const auto best = device_best(5, 10, bodies);
  const device_memory<unsigned long long> different(1);
  cudaMemset(different.data(), 0, sizeof(unsigned long long));
  bodies[2]();  // the oldest tiles, of which the equality program has seen the most
  cudaMemcpyAsync(d.data(), c.data(), count * sizeof(std::int32_t), cudaMemcpyDeviceToDevice);
  for (std::size_t i = 3; i < bodies.size(); ++i) {
    cudaMemsetAsync(c.data(), 0x7f, count * sizeof(std::int32_t));
    bodies[i]();
    if (i == packing_body) continue;
    compare<<<static_cast<unsigned>((count + 255) / 256), 256>>>(c.data(), d.data(), count,
                                                                 different.data());
  }
  unsigned long long differences = 0;
  cudaMemcpy(&differences, different.data(), sizeof differences, cudaMemcpyDeviceToHost);
  const double teraop = 2e-12 * n * n * n;
  std::printf("gemm.i8 %u: %.0f TOP/s", n, teraop / best[0]);
  if (peer.sgemm != nullptr)
    std::printf("; cuBLAS %.0f (status %d); ours / cuBLAS = %.2f", teraop / best[1],
                static_cast<int>(status), best[1] / best[0]);
  std::printf("; product alone:");
  for (std::size_t i = 2; i < best.size(); ++i) std::printf(" %.0f", teraop / best[i]);
  std::printf(" TOP/s (mma 128x256, 128x128, [packing alone], wgmma 128x256, "
              "128x128, 128x64); %llu sums differ between tiles\n",
              differences);
}

/// Digests of messages of `length` bytes, one per thread, as sha256.batch does.
__global__ void hash_all(const std::uint8_t* data, std::uint32_t length, std::uint64_t count,
                         digest256* out) {
  const std::uint64_t i = std::uint64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i < count) out[i] = sha256_portable({data + i * length, length});
}

void sha256_row(std::uint32_t length, double operations) {
  const std::uint64_t count = (std::uint64_t{1} << 29) / length;
  const device_memory<std::uint8_t> data(count * length + message_padding);
  const device_memory<digest256> out(count);
  cudaMemset(data.data(), 0x5a, count * length);
  const auto best = device_best(5, 3, {[&] {
    hash_all<<<static_cast<unsigned>((count + 255) / 256), 256>>>(data.data(), length, count,
                                                                  out.data());
  }});
  const double blocks = static_cast<double>(count * sha256_blocks(length)) / best[0];
  constexpr double block_operations = 64 * 14 + 48 * 10 + 16 + 8;  // rounds, schedule, load, add
  std::printf("sha256 %u B: %.2f G blocks/s, %.0f M messages/s; / integer bound = %.2f\n", length,
              blocks * 1e-9, static_cast<double>(count) / best[0] * 1e-6,
              blocks * block_operations / operations);
}

/// sort.u64's call beside CUB's own, keys on the device; and how far both are from eight passes over
/// the keys, each read once and written once, at the speed of a copy.
void sort_row(std::uint64_t count, double copied_per_s) {
  const device_memory<std::uint64_t> source(count), keys(count), sorted(count);
  const auto blocks = static_cast<unsigned>((count + 255) / 256);
  fill_keys<<<blocks, 256>>>(source.data(), count);
  std::size_t spare_bytes = 0;
  cub::DeviceRadixSort::SortKeys(nullptr, spare_bytes, source.data(), sorted.data(), count);
  const device_memory<std::uint8_t> spare(spare_bytes);
  std::size_t two_buffer_bytes = 0;
  cub::DoubleBuffer<std::uint64_t> buffers(keys.data(), sorted.data());
  cub::DeviceRadixSort::SortKeys(nullptr, two_buffer_bytes, buffers, count);
  const auto copy = [&] {
    cudaMemcpyAsync(keys.data(), source.data(), 8 * count, cudaMemcpyDeviceToDevice);
  };
  const auto best = device_best(
      5, 3,
      {[&] {
         copy();
         cub::DoubleBuffer<std::uint64_t> both(keys.data(), sorted.data());
         const device_memory<std::uint8_t> small(two_buffer_bytes);
         std::size_t bytes = two_buffer_bytes;
         cub::DeviceRadixSort::SortKeys(small.data(), bytes, both, count);
       },
       [&] {
         cub::DeviceRadixSort::SortKeys(spare.data(), spare_bytes, source.data(), sorted.data(),
                                        count);
       },
       copy});
  const double ours = best[0] - best[2];
  const double bytes = 8.0 * 2 * 8 * static_cast<double>(count);
  std::printf("sort.u64 2^%d: %.1f Gkeys/s; CUB %.1f; ours / CUB = %.2f; CUB / eight copies = %.2f\n",
              63 - __builtin_clzll(count), 1e-9 * static_cast<double>(count) / ours,
              1e-9 * static_cast<double>(count) / best[1], best[1] / ours,
              bytes / copied_per_s / best[1]);
}

}  // namespace

int main(int count, char** arguments) {
  cudaDeviceProp device{};
  if (cudaGetDeviceProperties(&device, 0) != cudaSuccess) {
    std::fprintf(stderr, "there is no CUDA device or driver\n");
    return 1;
  }
  std::printf("%s, %d multiprocessors, compute capability %d.%d\n", device.name,
              device.multiProcessorCount, device.major, device.minor);
  const double copied_per_s = copy_rate();
  std::printf("copy within the device: %.2f TB/s moved\n", copied_per_s * 1e-12);
  const double operations = integer_rate();
  std::printf("32-bit integer operations: %.1f T/s\n", operations * 1e-12);
  const blas peer(count > 1 ? arguments[1] : nullptr);
  for (std::uint32_t n : {1024u, 2048u, 4096u, 8192u}) gemm_row(peer, n);
  for (std::uint32_t n : {1024u, 2048u, 4096u, 8192u}) gemm_i8_row(peer, n);
  for (std::uint32_t length : {64u, 256u, 1024u, 65536u}) sha256_row(length, operations);
  for (int bits : {22, 27}) sort_row(std::uint64_t{1} << bits, copied_per_s);
  print_nbody_rows();
  print_link_rows();
  return 0;
}
