#pragma once
// Keeps a number of leaves in flight at a committee that orders a log, each asked for with `tell`,
// and measures what comes back.

#include "tools/bench/samples.hpp"

#include "actors/local_transport.hpp"

namespace datagen::bench {

struct leaf_plan {
  std::uint32_t authors = 4;  ///< Leaves are spread over all of them.
  std::uint32_t in_flight = 1;
  double warm_up_s = 0.5;  ///< Not measured.
  double seconds = 3;
};

struct leaf_report {
  std::uint64_t committed = 0;  ///< Within `seconds`.
  std::uint64_t refused = 0;
  double seconds = 0;
  quantiles latency;  ///< From submission to `transaction_done`.
  double per_s() const { return seconds > 0 ? static_cast<double>(committed) / seconds : 0; }
};

/// Called when the measured time begins and when it ends.
struct leaf_marks {
  std::function<void()> begin = [] {};
  std::function<void()> end = [] {};
};

/// Attaches users 0, 1, … to `net` while it runs.
leaf_report run_leaves(caf::actor_system& system, local_transport& net, const leaf_plan& plan,
                       const leaf_marks& marks = {});

}  // namespace datagen::bench
