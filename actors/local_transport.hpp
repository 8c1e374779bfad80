#pragma once
// All roles in one process: messages wait for the configured one-way delay on the actor system's
// own clock, so the same code runs in real and in virtual time.

#include "actors/transport.hpp"

#include <caf/actor_clock.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>

#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>

namespace datagen {

class local_transport : public transport {
public:
  /// One-way delay from one peer to another, microseconds.
  using delay_us = std::function<std::uint64_t(const peer&, const peer&)>;
  /// In place of a delay: the message never arrives.
  static constexpr std::uint64_t lost = std::numeric_limits<std::uint64_t>::max();

  /// @param unix_ms Unix time that belongs to the clock's time of now.
  /// @param pace Unix time that passes in a unit of the clock's; not 1 in scenarios of long times only.
  local_transport(caf::actor_system& system, std::uint64_t unix_ms, delay_us delay = {},
                  std::uint32_t pace = 1);

  /// Messages to `address` go to `handle` from now on.
  template <class Handle>
  void attach(const peer& address, const Handle& handle) {
    attach_pointer(address, caf::actor_cast<caf::strong_actor_ptr>(handle));
  }
  void detach(const peer& address);
  /// Holds every message from or to a role of this kind until `resume`: nothing is lost, as on a
  /// link that is down while its ends keep resending.
  void pause(role kind);
  void resume(role kind);
  /// Loses every message from or to `who` until `mend`: its link is down.
  void cut(const peer& who);
  void mend(const peer& who);
  /// Lets go of every handle, so that the actor system can end.
  void close();

  void deliver(const peer& from, const peer& to, caf::message content) override;
  std::vector<std::uint32_t> known(role kind) const override;
  protocol::consensus::instant now() const override;
  std::uint64_t now_us() const override;

private:
  struct held {
    peer from;
    peer to;
    caf::message content;
  };

  void attach_pointer(const peer& address, caf::strong_actor_ptr handle);

  caf::actor_clock& clock_;
  const caf::actor_clock::time_point start_;
  const std::uint64_t unix_ms_;
  const std::uint32_t pace_;
  const delay_us delay_;
  mutable std::shared_mutex mutex_;
  std::map<peer, caf::strong_actor_ptr> peers_;
  std::set<role> paused_;
  std::set<peer> cut_;
  std::vector<held> held_;
};

}  // namespace datagen
