#pragma once

#include <cstddef>

namespace datagen::kernels {

/// Copies between pageable host memory and the current device. Large copies go through pinned
/// buffers by several threads, because one thread's copy is slower than the bus. Both return when
/// the bytes have arrived; what was enqueued on the default stream before is finished then.
/// Throw std::runtime_error with CUDA's sentence on failure.
void upload(void* device, const void* host, std::size_t bytes);
void download(void* host, const void* device, std::size_t bytes);

}  // namespace datagen::kernels
