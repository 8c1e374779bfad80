#pragma once

#include "plan.hpp"

namespace datagen::kernels::nn {

/// Where the f32 values lie in the one memory of a run: a computed value's place is given to a later
/// one once the last step has read it, so that a deep model's numbers stay in the cache.
struct layout {
  std::vector<std::uint64_t> offsets;  ///< floats, of each value
  std::uint64_t floats = 0;            ///< of the memory
};

/// @param in_place of each value: it is read where the job holds it and gets no room
layout lay_out(const plan& plan, const std::vector<bool>& in_place);

}  // namespace datagen::kernels::nn
