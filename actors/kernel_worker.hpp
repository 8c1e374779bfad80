#pragma once
// Owns the kernels of this host and runs one job at a time; spawned detached, since a job blocks.

#include "messages/interfaces.hpp"

#include "kernels/registry.hpp"

namespace datagen {

struct kernel_worker_state {
  explicit kernel_worker_state(kernel_worker_actor::pointer owner) : self(owner) {}
  kernel_worker_actor::pointer self;
  std::shared_ptr<const kernels::registry> kernels;
  std::uint32_t threads = 0;  ///< Of the CPU back end; 0 = one per processor.
  static inline const char* name = "kernel_worker";
};

kernel_worker_actor::behavior_type kernel_worker(
  kernel_worker_actor::stateful_pointer<kernel_worker_state> self,
  std::shared_ptr<const kernels::registry> kernels, std::uint32_t threads);

/// Declared work of a job, a pure function of kernel, parameters and input; or why there is none.
v1::kernel_done declared_units(const kernels::registry& kernels, const v1::kernel_run& job);

}  // namespace datagen
