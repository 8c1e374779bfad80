#pragma once
// What one host of an operator lends to another: devices, over CAF's middleman. Operators do not
// trust each other and never speak this.

#include "messages/kernel_batch.hpp"

namespace datagen::v1 {

/// Kernel worker -> one on another host (request, again and again): which devices do you lend?
struct kernel_offer_query {};
DATAGEN_EMPTY_MESSAGE(kernel_offer_query)

struct offered_device {
  std::string backend;  ///< "cpu" or "cuda"
  std::uint32_t index = 0;
  std::string name;
  std::uint32_t lanes = 0;  ///< Jobs it runs at a time.
  std::vector<protocol::kernel_ref> kernels;
  std::string failure;  ///< Why it takes no jobs; empty when it does.
};
DATAGEN_MESSAGE(offered_device, x.backend, x.index, x.name, x.lanes, x.kernels, x.failure)

struct kernel_offer {
  std::vector<offered_device> devices;
};
DATAGEN_MESSAGE(kernel_offer, x.devices)

}  // namespace datagen::v1

namespace datagen {

/// A kernel worker as other hosts of its operator see it.
using kernel_lender_actor = kernel_worker_actor::extend<
  // Says which devices it lends, which is a sign of life as well.
  caf::replies_to<v1::kernel_offer_query>::with<v1::kernel_offer>>;

/// A kernel worker that lends its devices and uses what others lend.
using sharing_worker_actor = kernel_lender_actor::extend<
  // A host says what it lends from now on; nothing, when it is out of reach.
  caf::reacts_to<v1::kernel_offer>,
  // A lane of its own is done with one of several jobs.
  caf::reacts_to<v1::kernel_batch_part>>;

/// Stands for all devices that another host lends: many jobs at a time.
using far_lane_actor = caf::typed_actor<
  // Has one job run there; `busy` when the host goes away meanwhile.
  caf::replies_to<v1::kernel_run>::with<v1::kernel_done>,
  // Stops a job there.
  caf::reacts_to<v1::kernel_cancel>,
  // Connects, or asks for a sign of life.
  caf::reacts_to<v1::alarm>>;

}  // namespace datagen
