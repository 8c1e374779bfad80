#include "device_rates.cuh"

#include <cstdint>

namespace datagen::bench {
namespace {

constexpr int chains = 4;        ///< independent, so that latency does not bound
constexpr int steps = 256;       ///< per launch and chain
constexpr int step_ops = 14;     ///< as one SHA-256 round: 6 rotations, 4 logic, 4 three-input adds

/// One round's worth of the operations that bound SHA-256.
__device__ void mix(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c, std::uint32_t k) {
  const std::uint32_t x = __funnelshift_r(a, a, 6) ^ __funnelshift_r(a, a, 11) ^ __funnelshift_r(a, a, 25);
  const std::uint32_t y = __funnelshift_r(b, b, 2) ^ __funnelshift_r(b, b, 13) ^ __funnelshift_r(b, b, 22);
  const std::uint32_t p = (a & b) ^ (~a & c);
  const std::uint32_t q = (a & b) ^ (a & c) ^ (b & c);
  c = c + x + p;
  c = c + k + y;
  b = a + c + q;
  a = c + y + k;
}

__global__ void integer_work(std::uint32_t* out) {
  std::uint32_t a[chains], b[chains], c[chains];
  for (int i = 0; i < chains; ++i) a[i] = threadIdx.x + i, b[i] = blockIdx.x + i, c[i] = i;
#pragma unroll 8
  for (int s = 0; s < steps; ++s)
    for (int i = 0; i < chains; ++i) mix(a[i], b[i], c[i], 0x428a2f98u);
  std::uint32_t sum = 0;
  for (int i = 0; i < chains; ++i) sum += a[i] ^ b[i] ^ c[i];
  if (sum == 0x12345678) *out = sum;  // never, but the compiler cannot know
}

}  // namespace

double copy_rate() {
  constexpr std::size_t size = std::size_t{1} << 30;
  const device_memory<std::uint8_t> from(size), to(size);
  cudaMemset(from.data(), 1, size);
  const auto best = device_best(
      5, 4, {[&] { cudaMemcpyAsync(to.data(), from.data(), size, cudaMemcpyDeviceToDevice); }});
  return 2.0 * static_cast<double>(size) / best[0];
}

double integer_rate() {
  const device_memory<std::uint32_t> out(1);
  int multiprocessors = 0;
  cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, 0);
  const int blocks = multiprocessors * 8 * 16;
  const auto best = device_best(5, 4, {[&] { integer_work<<<blocks, 256>>>(out.data()); }});
  return double{256} * blocks * chains * steps * step_ops / best[0];
}

}  // namespace datagen::bench
