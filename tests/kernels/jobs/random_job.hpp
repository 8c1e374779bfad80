#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace datagen::kernels::testing {

/// A valid job of one kernel, small enough to run a thousand of them. Every kernel's header here
/// has `random_NAME_job(seed)`; the same seed gives the same job on every machine.
struct random_job {
  std::string params;  ///< canonical
  std::vector<std::uint8_t> input;
};

}  // namespace datagen::kernels::testing
