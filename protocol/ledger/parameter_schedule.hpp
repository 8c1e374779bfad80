#pragma once
// Which parameters hold where, as everyone follows it from `change_scheduled` (protocol.md section 5,
// upgrades): a table holds from its activation height on.

#include "protocol/params.hpp"

#include <map>

namespace datagen::protocol::ledger {

struct parameter_schedule {
  parameters in_force;
  std::map<std::uint64_t, parameters> scheduled;  ///< By activation height.

  void schedule(std::uint64_t height, const parameters& table) { scheduled[height] = table; }
  /// The Heavy block at `height` is reached: what is due by then is in force.
  void reach(std::uint64_t height) {
    while (!scheduled.empty() && scheduled.begin()->first <= height)
      in_force = scheduled.extract(scheduled.begin()).mapped();
  }
};
template <class Archive>
void describe(Archive& ar, parameter_schedule& x) {
  ar(x.in_force, x.scheduled);
}

}  // namespace datagen::protocol::ledger
