#include "transfer.hpp"

#include <cuda_runtime.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace datagen::kernels {
namespace {

constexpr std::size_t small_bytes = std::size_t{8} << 20;  ///< up to so many the driver copies

void require(cudaError_t error) {
  if (error != cudaSuccess) throw std::runtime_error(cudaGetErrorString(error));
}

/// One thread's means: while one piece is on the bus the other is filled or emptied.
struct lane {
  cudaStream_t stream = nullptr;
  std::byte* pinned[2] = {};
  cudaEvent_t done[2] = {};

  void prepare() {
    if (stream != nullptr) return;
    for (int i = 0; i < 2; ++i) {
      require(cudaHostAlloc(reinterpret_cast<void**>(&pinned[i]), transfer_plan::piece_bytes_max,
                            cudaHostAllocDefault));
      require(cudaEventCreateWithFlags(&done[i], cudaEventDisableTiming));
    }
    require(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  }

  /// Pieces first, first + lanes, first + 2 * lanes, ...
  void upload(std::byte* device, const std::byte* host, std::size_t bytes, const transfer_plan& plan,
              int first) {
    const std::size_t step = plan.lanes * plan.piece_bytes;
    int slot = 0;
    for (std::size_t at = first * plan.piece_bytes; at < bytes; at += step, slot ^= 1) {
      const std::size_t size = std::min(plan.piece_bytes, bytes - at);
      require(cudaEventSynchronize(done[slot]));
      std::memcpy(pinned[slot], host + at, size);
      require(cudaMemcpyAsync(device + at, pinned[slot], size, cudaMemcpyHostToDevice, stream));
      require(cudaEventRecord(done[slot], stream));
    }
    require(cudaStreamSynchronize(stream));
  }

  void download(std::byte* host, const std::byte* device, std::size_t bytes,
                const transfer_plan& plan, int first) {
    const std::size_t step = plan.lanes * plan.piece_bytes;
    const auto fetch = [&](std::size_t at, int slot) {
      if (at >= bytes) return;
      const std::size_t size = std::min(plan.piece_bytes, bytes - at);
      require(cudaMemcpyAsync(pinned[slot], device + at, size, cudaMemcpyDeviceToHost, stream));
      require(cudaEventRecord(done[slot], stream));
    };
    std::size_t at = first * plan.piece_bytes;
    fetch(at, 0);
    for (int slot = 0; at < bytes; at += step, slot ^= 1) {
      fetch(at + step, slot ^ 1);
      require(cudaEventSynchronize(done[slot]));
      std::memcpy(host + at, pinned[slot], std::min(plan.piece_bytes, bytes - at));
    }
  }
};

/// The lanes of each device; one large copy at a time uses them.
struct device_lanes {
  std::mutex busy;
  lane each[transfer_plan::lanes_max];
};

device_lanes& lanes_of(int device) {
  static std::mutex growing;
  static std::vector<std::unique_ptr<device_lanes>> all;
  const std::lock_guard lock(growing);
  while (all.size() <= static_cast<std::size_t>(device))
    all.push_back(std::make_unique<device_lanes>());
  return *all[device];
}

/// Runs `copy(lane, number)` on so many lanes, each on its own thread; throws the first failure.
template <class Copy>
void on_lanes(int lanes, Copy copy) {
  int device = 0;
  require(cudaGetDevice(&device));
  require(cudaStreamSynchronize(nullptr));
  device_lanes& means = lanes_of(device);
  const std::lock_guard lock(means.busy);
  std::exception_ptr failures[transfer_plan::lanes_max];
  std::vector<std::jthread> threads;
  for (int i = 0; i < lanes; ++i)
    threads.emplace_back([&, i] {
      try {
        require(cudaSetDevice(device));
        means.each[i].prepare();
        copy(means.each[i], i);
      } catch (...) {
        failures[i] = std::current_exception();
      }
    });
  threads.clear();  // joins
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

}  // namespace

void upload(void* device, const void* host, std::size_t bytes, const transfer_plan& plan) {
  if (bytes <= small_bytes) return require(cudaMemcpy(device, host, bytes, cudaMemcpyHostToDevice));
  on_lanes(plan.lanes, [&](lane& each, int i) {
    each.upload(static_cast<std::byte*>(device), static_cast<const std::byte*>(host), bytes, plan, i);
  });
}

void download(void* host, const void* device, std::size_t bytes, const transfer_plan& plan) {
  if (bytes <= small_bytes) return require(cudaMemcpy(host, device, bytes, cudaMemcpyDeviceToHost));
  on_lanes(plan.lanes, [&](lane& each, int i) {
    each.download(static_cast<std::byte*>(host), static_cast<const std::byte*>(device), bytes, plan,
                  i);
  });
}

}  // namespace datagen::kernels
