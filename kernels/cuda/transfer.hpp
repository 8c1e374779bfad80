#pragma once

#include <cstddef>

namespace datagen::kernels {

/// How a large copy is split: pieces go through `lanes` threads, each with two pinned buffers of
/// `piece_bytes`.
struct transfer_plan {
  static constexpr int lanes_max = 16;
  static constexpr std::size_t piece_bytes_max = std::size_t{4} << 20;
  int lanes;
  std::size_t piece_bytes;
};

/// 0.87 to 0.89 of the bus to an H200 and 0.80 to 0.82 back, with 16 processor cores; four lanes half
/// of it (kernels_bench_gpu).
inline constexpr transfer_plan usual_transfer{12, std::size_t{4} << 20};

/// Copies between pageable host memory and the current device. Large copies go through pinned
/// buffers by several threads, because one thread's copy is slower than the bus. Both return when
/// the bytes have arrived; what this thread enqueued before is finished then.
/// Throw std::runtime_error with CUDA's sentence on failure.
void upload(void* device, const void* host, std::size_t bytes,
            const transfer_plan& plan = usual_transfer);
void download(void* host, const void* device, std::size_t bytes,
              const transfer_plan& plan = usual_transfer);

}  // namespace datagen::kernels
