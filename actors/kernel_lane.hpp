#pragma once
// One place of a device: runs one job at a time, or several small ones, and waits for them; spawned
// detached.

#include "messages/kernel_batch.hpp"

#include "kernels/job_crew.hpp"

namespace datagen {

using cancel_flags = std::vector<std::atomic<std::uint32_t>>;

struct kernel_lane_config {
  std::shared_ptr<const kernels::registry> kernels;
  kernels::device_info device;
  std::uint32_t threads = 0;  ///< Of the CPU back end, for one job; 0 = one per processor.
  std::uint32_t helpers = 0;  ///< Threads beside its own for several small jobs; 0: in their order.
  /// Non-zero stops the job of that place. Cleared by whoever hands out jobs, before it hands them out.
  std::shared_ptr<const cancel_flags> cancels;
};

struct kernel_lane_state {
  kernel_lane_config config;
  std::optional<kernels::job_crew> crew;  ///< There from the start on.
  static inline const char* name = "kernel_lane";
};

batch_lane_actor::behavior_type kernel_lane(
  batch_lane_actor::stateful_pointer<kernel_lane_state> self, kernel_lane_config config);

/// Declared work of a job, a pure function of kernel, parameters and input; or why there is none.
v1::kernel_done declared_units(const kernels::registry& kernels, const v1::kernel_run& job);

}  // namespace datagen
