#pragma once
// How a kernel worker gives a lane several small jobs at once. Both live in one process.

#include "messages/interfaces.hpp"

namespace datagen::v1 {

/// Kernel worker -> a lane of a device (request): run these, each on one thread.
struct kernel_batch {
  std::uint64_t number = 0;  ///< The worker's name for it.
  std::vector<kernel_run> jobs;
};
DATAGEN_MESSAGE(kernel_batch, x.number, x.jobs)

/// The same way back, as soon as a job is over. Of those that the device could not do nothing is told.
struct kernel_batch_part {
  std::uint64_t number = 0;
  std::uint32_t place = 0;  ///< Of the job in its batch.
  kernel_done done;
};
DATAGEN_MESSAGE(kernel_batch_part, x.number, x.place, x.done)

/// The same way back, behind all parts: none of them is at work any more.
struct kernel_batch_end {
  std::string failure;  ///< Of the device, at the first job of which nothing was told; or empty.
};
DATAGEN_MESSAGE(kernel_batch_end, x.failure)

}  // namespace datagen::v1

namespace datagen {

/// Hears of the jobs of a batch one by one.
using batch_owner_actor = caf::typed_actor<
  // One of them is over.
  caf::reacts_to<v1::kernel_batch_part>>;

/// A lane that takes several small jobs at once.
using batch_lane_actor = kernel_lane_actor::extend<
  // Runs them side by side, and tells the sender of each as soon as it is over.
  caf::replies_to<v1::kernel_batch>::with<v1::kernel_batch_end>>;

}  // namespace datagen
