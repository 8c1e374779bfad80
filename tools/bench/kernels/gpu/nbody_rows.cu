#include "nbody_rows.cuh"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "device_rates.cuh"
#include "kernels/nbody_pull.hpp"
#include "kernels/npy.hpp"
#include "kernels/registry.hpp"

namespace datagen::bench {
namespace {

constexpr int pulls = 4096;  ///< per thread

/// Pulls between numbers in registers. The empty instruction makes each of them news.
__global__ void pull_work(float softening2, float* out) {
  const float px = 0.001f * threadIdx.x, py = 0.002f * blockIdx.x, pz = 0.5f;
  float x = 1.0f, y = 2.0f, z = 3.0f, mass = 0.5f;
  kernels::vector3 sum{};
#pragma unroll 8
  for (int i = 0; i < pulls; ++i) {
    asm volatile("" : "+f"(x), "+f"(y), "+f"(z), "+f"(mass));
    kernels::add_pull(x - px, y - py, z - pz, mass, softening2, sum);
  }
  if (sum.x == -1.0f) *out = sum.y + sum.z;  // never, but the compiler cannot know
}

double pull_rate() {
  const device_memory<float> out(1);
  int multiprocessors = 0;
  cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, 0);
  const int blocks = multiprocessors * 16 * 4;
  const auto best = device_best(5, 2, {[&] { pull_work<<<blocks, 128>>>(1e-4f, out.data()); }});
  return 128.0 * blocks * pulls / best[0];
}

std::vector<std::uint8_t> bodies_file(std::uint32_t bodies) {
  const std::uint64_t shape[] = {bodies, 7};
  auto file = kernels::npy_header("<f4", shape);
  std::uint32_t state = 1;
  for (std::uint32_t i = 0; i < bodies * 7; ++i) {
    state = state * 1664525u + 1013904223u;
    const float value = static_cast<float>(state >> 8) * 0x1p-23f - 1.0f;
    const auto* at = reinterpret_cast<const std::uint8_t*>(&value);
    file.insert(file.end(), at, at + 4);
  }
  return file;
}

/// Best seconds of a whole job.
double job_seconds(const kernels::registry& kernels, const std::vector<std::uint8_t>& input,
                   const std::string& params) {
  double best = 1e30;
  for (int round = 0; round < 4; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    const auto result =
        kernels.run({.kernel = "sim.nbody", .params = params, .input = input, .backend = "cuda"});
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    if (!result.ok()) std::printf("sim.nbody: %s\n", result.message.c_str());
    if (taken.count() < best) best = taken.count();
  }
  return best;
}

}  // namespace

void print_nbody_rows() {
  const double bound = pull_rate();
  const auto kernels = kernels::registry::load();
  for (std::uint32_t bodies : {8192u, 65536u}) {
    const auto input = bodies_file(bodies);
    constexpr int steps = 10;  // more than in the shorter job, which takes the rest off
    const double seconds = job_seconds(kernels, input, "steps=" + std::to_string(1 + steps)) -
                           job_seconds(kernels, input, "steps=1");
    const double pairs = static_cast<double>(bodies) * bodies * steps;
    const double rate = pairs / seconds;
    std::printf("sim.nbody %u bodies: %.1f Gpairs/s; the same operations in registers %.1f; ours / "
                "bound = %.2f\n",
                bodies, rate * 1e-9, bound * 1e-9, rate / bound);
  }
}

}  // namespace datagen::bench
