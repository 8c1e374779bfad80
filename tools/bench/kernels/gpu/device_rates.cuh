#pragma once

#include <cuda_runtime.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

/// Timing on the device, and what the device can do at most.
namespace datagen::bench {

inline void require(cudaError_t error, const char* what) {
  if (error == cudaSuccess) return;
  std::fprintf(stderr, "%s: %s\n", what, cudaGetErrorString(error));
  std::exit(1);
}

/// Device memory, freed with the object.
template <class T>
class device_memory {
 public:
  explicit device_memory(std::size_t count) { require(cudaMalloc(&data_, count * sizeof(T)), "cudaMalloc"); }
  ~device_memory() { cudaFree(data_); }
  device_memory(const device_memory&) = delete;
  device_memory& operator=(const device_memory&) = delete;
  T* data() const { return data_; }

 private:
  T* data_ = nullptr;
};

/// Best seconds of each body between events, over interleaved rounds; a round repeats its body.
inline std::vector<double> device_best(int rounds, int repeats,
                                       const std::vector<std::function<void()>>& bodies) {
  cudaEvent_t begin, end;
  cudaEventCreate(&begin);
  cudaEventCreate(&end);
  std::vector<double> best(bodies.size(), 1e30);
  for (int round = -1; round < rounds; ++round)  // round -1 warms up
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      cudaEventRecord(begin);
      for (int r = 0; r < repeats; ++r) bodies[i]();
      cudaEventRecord(end);
      require(cudaEventSynchronize(end), "a measured kernel");
      float milliseconds = 0;
      cudaEventElapsedTime(&milliseconds, begin, end);
      const double seconds = milliseconds * 1e-3 / repeats;
      if (round >= 0 && seconds < best[i]) best[i] = seconds;
    }
  cudaEventDestroy(begin);
  cudaEventDestroy(end);
  return best;
}

/// Bytes per second that a copy within the device moves, read and written counted.
double copy_rate();

/// 32-bit integer operations per second: SHA-256's own mix of rotations, three-input logic and
/// adds, without memory.
double integer_rate();

}  // namespace datagen::bench
