#include "gemm_f32.hpp"

#include <string>

#include "host_device.hpp"
#include "large_memory.hpp"
#include "launch.hpp"
#include "params.hpp"
#if defined(__CUDACC__)
#include "gemm_f32_cuda.cuh"
#elif defined(__AVX2__)
#include "gemm_f32_cpu.hpp"
#endif

namespace datagen::kernels {
namespace {

constexpr std::uint64_t header_bytes = 16;
constexpr std::uint64_t side_max = 16384;
constexpr std::uint64_t input_bytes_max = std::uint64_t{1} << 30;
constexpr std::uint64_t products_max = std::uint64_t{1} << 38;
constexpr datagen_limit limits[] = {{"input", input_bytes_max, "bytes"},
                                    {"m, k and n", side_max, "rows or columns"},
                                    {"m*k*n", products_max, "multiply-adds"}};

std::uint64_t products(const gemm_shape& s) { return std::uint64_t{s.m} * s.k * s.n; }

std::uint32_t u32_at(std::span<const std::uint8_t> bytes, std::size_t at) {
  std::uint32_t value;
  memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

failure parse(const work& work, gemm_shape& shape) {
  param_values values;
  if (auto bad = parse_params(work.params, {}, values)) return bad;
  const std::uint64_t size = work.input.size();
  if (size > input_bytes_max) return over_limit("input", size, input_bytes_max, "bytes");
  if (size < header_bytes)
    return bad_input("input is " + std::to_string(size) +
                     " bytes, expected at least the 16-byte header DGM1, m, k, n");
  if (memcmp(work.input.data(), "DGM1", 4) != 0)
    return bad_input("input does not start with the four letters DGM1");
  shape = {u32_at(work.input, 4), u32_at(work.input, 8), u32_at(work.input, 12)};
  const struct {
    const char* name;
    std::uint64_t value;
  } sides[] = {{"m", shape.m}, {"k", shape.k}, {"n", shape.n}};
  for (const auto& side : sides) {
    if (side.value == 0)
      return bad_input(std::string(side.name) + " is 0, expected at least 1");
    if (side.value > side_max)
      return over_limit(side.name, side.value, side_max, "rows or columns");
  }
  if (products(shape) > products_max)
    return over_limit("m*k*n", products(shape), products_max, "multiply-adds");
  const std::uint64_t expected =
      header_bytes + 4 * (std::uint64_t{shape.m} * shape.k + std::uint64_t{shape.k} * shape.n);
  if (size != expected)
    return bad_input("input is " + std::to_string(size) + " bytes, but m=" +
                     std::to_string(shape.m) + " k=" + std::to_string(shape.k) +
                     " n=" + std::to_string(shape.n) + " need " + std::to_string(expected));
  return {};
}

std::uint64_t units(const work&, const gemm_shape& shape) {
  return 1 + products(shape) / 32768;
}

DATAGEN_HD float canonical(float value) {
  return value != value ? bits_as<float>(std::uint32_t{0x7fc00000}) : value;
}

DATAGEN_HD float float_at(const std::uint8_t* bytes, std::uint64_t index) {
  float value;
  memcpy(&value, bytes + 4 * index, sizeof value);
  return value;
}

/// One output element, exactly as rule 3 reads. The fast paths must agree with it bit for bit.
struct one_element {
  const std::uint8_t* a;
  const std::uint8_t* b;
  std::uint32_t k, n;
  float* c;

  DATAGEN_HD void operator()(std::uint64_t index) const {
    const std::uint64_t row = index / n;
    const std::uint64_t column = index % n;
    float total = 0;
    for (std::uint32_t k0 = 0; k0 < k; k0 += gemm_chunk) {
      float sum = 0;
      for (std::uint32_t i = k0; i < k && i < k0 + gemm_chunk; ++i)
        sum = fused(float_at(a, row * k + i), float_at(b, std::uint64_t{i} * n + column), sum);
      total = k0 == 0 ? sum : total + sum;
    }
    c[index] = canonical(total);
  }
};

#if defined(__CUDACC__)

failure cuda_failure(cudaError_t error) {
  if (error == cudaSuccess) return {};
  return {DATAGEN_DEVICE_FAILED, cudaGetErrorString(error)};
}

failure multiply(const work& work, const gemm_shape& s, const run_settings& settings, float* c) {
  const device_input<std::uint8_t> input(work.input.data(), work.input.size());
  device_output<float> result(std::uint64_t{s.m} * s.n);
  const std::uint8_t* a = input.data() + header_bytes;  // device memory is aligned to 256 bytes
  const std::uint8_t* b = a + 4 * std::uint64_t{s.m} * s.k;
  if (settings.portable) {
    if (auto bad = launch(settings, std::uint64_t{s.m} * s.n, std::uint64_t{1} << 20,
                          one_element{a, b, s.k, s.n, result.data()}))
      return bad;
  } else {
    int device = 0, multiprocessors = 1;
    cudaGetDevice(&device);
    cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, device);
    const auto* left = reinterpret_cast<const float*>(a);
    const auto* right = reinterpret_cast<const float*>(b);
    const gemm_plan plan = plan_product(s, right, static_cast<std::uint32_t>(multiprocessors));
    const device_memory<float> scratch(plan.scratch_floats);
    if (auto bad =
            cuda_failure(launch_product(left, right, s, plan, scratch.data(), result.data())))
      return bad;
    if (auto bad = cuda_failure(cudaDeviceSynchronize())) return bad;
  }
  result.download_to(c);
  settings.report(1, 1);
  return {};
}

#elif defined(__AVX2__)

failure multiply(const work& work, const gemm_shape& s, const run_settings& settings, float* c) {
  const std::uint8_t* a = work.input.data() + header_bytes;
  const std::uint8_t* b = a + 4 * std::uint64_t{s.m} * s.k;
  if (settings.portable)
    return launch(settings, std::uint64_t{s.m} * s.n, std::uint64_t{1} << 16,
                  one_element{a, b, s.k, s.n, c});
  return multiply_by_tiles(settings, s, a, b, c);
}

#else

failure multiply(const work& work, const gemm_shape& s, const run_settings& settings, float* c) {
  const std::uint8_t* a = work.input.data() + header_bytes;
  const std::uint8_t* b = a + 4 * std::uint64_t{s.m} * s.k;
  return launch(settings, std::uint64_t{s.m} * s.n, std::uint64_t{1} << 16,
                one_element{a, b, s.k, s.n, c});
}

#endif

failure run(const work& work, const gemm_shape& shape, const run_settings& settings,
            output_buffer& output) {
  resize_large(output, header_bytes + 4 * std::uint64_t{shape.m} * shape.n);
  memcpy(output.data(), work.input.data(), header_bytes);
  memcpy(output.data(), "DGC1", 4);
  // operator new aligns to 16 bytes, so the floats behind the header are aligned.
  return multiply(work, shape, settings, reinterpret_cast<float*>(output.data() + header_bytes));
}

}  // namespace

const kernel_definition gemm_f32{
    .id = "gemm.f32",
    .version = 0,
    .summary = "product of two f32 matrices, every rounding in a fixed order",
    .limits = limits,
    .units = units_of_job<gemm_shape, parse, units>,
    .run = run_job<gemm_shape, parse, units, run>,
};

}  // namespace datagen::kernels
