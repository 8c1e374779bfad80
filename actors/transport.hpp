#pragma once
// The one seam between roles, and the one clock. In-process delivery, links to other hosts and the
// simulated network stand behind it; delay, loss and faults live there and nowhere else.

#include "messages/peer.hpp"

#include "actors/job_stages.hpp"

#include "protocol/chain/committees.hpp"
#include "protocol/consensus/events.hpp"
#include "protocol/crypto/coin/checker.hpp"

#include <caf/message.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace datagen {

class transport {
public:
  virtual ~transport() = default;
  /// Hands `content` (sender first) to `to`. It may arrive late or never; never blocks.
  virtual void deliver(const peer& from, const peer& to, caf::message content) = 0;
  /// False where it is known that nothing reaches `to` at present, as when its host has gone; no
  /// promise where true.
  virtual bool reachable(const peer& /*to*/) const { return true; }
  /// Everybody of this kind that this node has an address of, by index: whom to ask where none of
  /// the committee that a role knows is there any more.
  virtual std::vector<std::uint32_t> known(role kind) const = 0;
  /// Time for pacing and for statements; the only clock that roles know.
  virtual protocol::consensus::instant now() const = 0;
  /// Microseconds of the same monotonic clock, for measuring round trips.
  virtual std::uint64_t now_us() const = 0;

  template <class Message>
  void send(const peer& from, const peer& to, Message&& x) {
    deliver(from, to, caf::make_message(from, std::forward<Message>(x)));
  }
};

/// What every role of a node is given: the network it belongs to, and the seam.
struct role_context {
  std::shared_ptr<transport> net;
  std::shared_ptr<const protocol::genesis> chain;
  std::shared_ptr<const protocol::signature_checker> signatures;
  std::shared_ptr<const protocol::coin_checker> coins;
  /// 32 unpredictable bytes; a seeded sequence in tests and simulations.
  std::function<protocol::digest()> entropy;
  /// Told how far each job is; null where nobody measures.
  std::shared_ptr<stage_watch> stages;

  void reached(const protocol::job_id& job, job_stage stage) const {
    if (stages)
      stages->reached(job, stage);
  }
};

}  // namespace datagen
