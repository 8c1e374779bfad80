#pragma once
// A user that asks validators for one Echo after the other, past its router and its own actor.

#include "tools/scenario/watch.hpp"

namespace datagen::scenario {

class flood {
public:
  /// @param who has no workload: what comes back to it is counted here
  flood(deterministic_system& sim, const std::shared_ptr<local_transport>& net,
        const protocol::chain_id& chain, const act::flood& x);
  ~flood();
  flood(const flood&) = delete;
  flood& operator=(const flood&) = delete;

  /// Sends as many packages as the next `for_ms` are good for.
  void go_on(std::uint64_t now_ms, std::uint64_t for_ms);
  std::uint64_t sent() const { return sent_; }
  std::uint64_t answered() const { return *answered_; }

private:
  std::shared_ptr<local_transport> net_;
  protocol::chain_id chain_;
  act::flood what_;
  caf::actor ear_;
  std::shared_ptr<std::uint64_t> answered_;
  std::uint64_t sent_ = 0;
};

}  // namespace datagen::scenario
