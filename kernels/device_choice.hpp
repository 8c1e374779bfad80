#pragma once

#include <cstdint>
#include <string_view>

namespace datagen::kernels {

/// True where `threads` of the processor finish a job of `kernel` before a GPU would, whatever the
/// job's size: a kernel that looks at each byte once is as fast as the way to the GPU is long. Of
/// those measured only topk: 13 to 16 ms for 2^25 keys on an H200, 4.5 to 15 with 16 threads beside
/// it, over five runs. The next is nn.infer, where both take the same.
inline bool processor_is_faster(std::string_view kernel, std::uint32_t threads) {
  return kernel == "topk" && threads >= 16;
}

}  // namespace datagen::kernels
