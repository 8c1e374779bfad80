#pragma once

#include <cstdint>

#include "failure.hpp"

namespace datagen::kernels {

extern const char* const backend_name;   ///< see datagen_backend::name
extern const bool device_uses_driver;    ///< an unexpected exception blames the device
extern const bool module_is_portable;    ///< no processor-specific inner loop, whatever a job says
inline constexpr std::uint32_t threads_max = 1024;  ///< more per job are refused

/// Devices this module can use right now; 0 when there is no driver.
std::uint32_t device_count();

/// Name and memory of device `index`.
failure describe_device(std::uint32_t index, datagen_device& device);

/// Makes `index` the device of the calling thread.
failure select_device(std::uint32_t index);

/// Processors available to this process.
std::uint32_t default_threads();

}  // namespace datagen::kernels
