#include "link_rows.cuh"

#include <chrono>
#include <cstdint>
#include <vector>

#include "device_rates.cuh"
#include "kernels/cuda/transfer.hpp"

namespace datagen::bench {
namespace {

constexpr std::size_t size = std::size_t{512} << 20;

/// Best seconds of a call that returns when its work is done.
template <class Body>
double wall_best(int rounds, Body body) {
  double best = 1e30;
  for (int round = -1; round < rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    body();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    if (round >= 0 && taken.count() < best) best = taken.count();
  }
  return best;
}

struct link_rates {
  double up = 0, down = 0;  ///< bytes per second
};

link_rates pinned_rates(std::uint8_t* device) {
  std::uint8_t* pinned = nullptr;
  require(cudaHostAlloc(reinterpret_cast<void**>(&pinned), size, cudaHostAllocDefault), "cudaHostAlloc");
  const auto best =
      device_best(3, 1, {[&] { cudaMemcpyAsync(device, pinned, size, cudaMemcpyHostToDevice); },
                         [&] { cudaMemcpyAsync(pinned, device, size, cudaMemcpyDeviceToHost); }});
  cudaFreeHost(pinned);
  return {size / best[0], size / best[1]};
}

}  // namespace

void print_link_rows() {
  using kernels::transfer_plan;
  const device_memory<std::uint8_t> device(size);
  const link_rates bus = pinned_rates(device.data());
  std::printf("bus, pinned memory: %.1f GB/s to the device, %.1f back\n", bus.up * 1e-9, bus.down * 1e-9);
  std::vector<std::uint8_t> host(size, 7);
  const auto row = [&](const char* name, double up, double down) {
    std::printf("  %-28s %.1f GB/s to the device, %.1f back; / bus = %.2f, %.2f\n", name,
                size * 1e-9 / up, size * 1e-9 / down, size / up / bus.up, size / down / bus.down);
  };
  row("one cudaMemcpy",
      wall_best(2, [&] { cudaMemcpy(device.data(), host.data(), size, cudaMemcpyHostToDevice); }),
      wall_best(2, [&] { cudaMemcpy(host.data(), device.data(), size, cudaMemcpyDeviceToHost); }));
  for (int lanes : {2, 4, 6, 8, 12, 16})
    for (int shift : {19, 20, 22}) {
      const transfer_plan plan{lanes, std::size_t{1} << shift};
      char name[64];
      std::snprintf(name, sizeof name, "%d lanes of %zu KiB", lanes, plan.piece_bytes >> 10);
      row(name, wall_best(3, [&] { kernels::upload(device.data(), host.data(), size, plan); }),
          wall_best(3, [&] { kernels::download(host.data(), device.data(), size, plan); }));
    }
}

}  // namespace datagen::bench
