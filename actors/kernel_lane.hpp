#pragma once
// One place of a device: runs one job at a time and waits for it; spawned detached.

#include "messages/interfaces.hpp"

#include "kernels/registry.hpp"

namespace datagen {

struct kernel_lane_config {
  std::shared_ptr<const kernels::registry> kernels;
  kernels::device_info device;
  std::uint32_t threads = 0;  ///< Of the CPU back end; 0 = one per processor.
  /// Non-zero stops the job that runs. Cleared by whoever hands out jobs, before it hands one out.
  std::shared_ptr<std::atomic<std::uint32_t>> cancel;
};

struct kernel_lane_state {
  kernel_lane_config config;
  static inline const char* name = "kernel_lane";
};

kernel_lane_actor::behavior_type kernel_lane(
  kernel_lane_actor::stateful_pointer<kernel_lane_state> self, kernel_lane_config config);

/// Declared work of a job, a pure function of kernel, parameters and input; or why there is none.
v1::kernel_done declared_units(const kernels::registry& kernels, const v1::kernel_run& job);

}  // namespace datagen
