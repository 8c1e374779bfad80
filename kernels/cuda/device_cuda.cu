#include "../device.hpp"

#include <cuda_runtime.h>

#include <cstring>
#include <string>

namespace datagen::kernels {

const char* const backend_name = "cuda";
const bool device_uses_driver = true;
const bool module_is_portable = false;

std::uint32_t device_count() {
  int count = 0;  // without a driver the call fails: no devices, not an error
  return cudaGetDeviceCount(&count) == cudaSuccess && count > 0
             ? static_cast<std::uint32_t>(count)
             : 0;
}

failure describe_device(std::uint32_t index, datagen_device& device) {
  device = {};
  cudaDeviceProp properties{};
  const auto error = cudaGetDeviceProperties(&properties, static_cast<int>(index));
  if (error != cudaSuccess) return {DATAGEN_DEVICE_FAILED, cudaGetErrorString(error)};
  std::strncpy(device.name, properties.name, sizeof device.name - 1);
  device.memory_bytes = properties.totalGlobalMem;
  return {};
}

failure select_device(std::uint32_t index) {
  const std::uint32_t count = device_count();
  if (index >= count)
    return {DATAGEN_DEVICE_FAILED, "CUDA device " + std::to_string(index) +
                                       " does not exist, this host has " + std::to_string(count)};
  const auto error = cudaSetDevice(static_cast<int>(index));
  if (error != cudaSuccess) return {DATAGEN_DEVICE_FAILED, cudaGetErrorString(error)};
  return {};
}

std::uint32_t default_threads() { return 1; }

}  // namespace datagen::kernels
