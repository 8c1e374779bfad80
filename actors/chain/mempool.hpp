#pragma once
// Transactions that wait for a place in an own vertex: bounded, first come first served, each once.

#include "messages/peer.hpp"

#include "protocol/chain/state_machine.hpp"

#include <deque>
#include <unordered_map>

namespace datagen {

struct mempool_limits {
  std::size_t transactions_max = 20'000;
  std::size_t bytes_max = 32U << 20;
  std::uint64_t patience_ms = 60'000;  ///< What is not executed by then is dropped.
};

class mempool {
public:
  explicit mempool(mempool_limits bounds = {}) : bounds_(bounds) {}

  /// Takes `transaction` in. @returns false when it is known already (then only `tell` is noted)
  /// or the pool is full.
  bool add(protocol::bytes transaction, std::optional<peer> tell, std::uint64_t now_ms);
  /// Up to the limits, in order, those that the state admits now. What it refuses for good leaves
  /// the pool through `take_refused`; what must wait stays.
  struct selection {
    std::vector<protocol::bytes> transactions;
    bool more = false;
  };
  selection select(const protocol::chain::state_machine& machine, std::size_t bytes_max,
                   std::size_t count_max);
  /// Own vertices that can no longer be committed give their transactions back.
  void requeue(std::vector<protocol::bytes> transactions, std::uint64_t now_ms);
  /// The transaction was executed (in anybody's vertex). @returns who wanted to know.
  std::optional<peer> executed(const protocol::digest& id);
  /// Drops what waits too long.
  void expire(std::uint64_t now_ms);

  struct refusal {
    protocol::chain::transaction_outcome outcome;
    std::optional<peer> tell;
  };
  /// Refused since the last call.
  std::vector<refusal> take_refused();
  /// The first `count_max` of those that might be proposed, for another author to propose.
  std::vector<protocol::bytes> front(std::size_t count_max) const;
  /// Is anything here that might be proposed?
  bool waiting() const { return !queue_.empty(); }
  std::size_t size() const { return known_.size(); }

private:
  struct entry {
    protocol::bytes transaction;
    std::optional<peer> tell;
    std::uint64_t since_ms = 0;
    bool in_flight = false;  ///< In an own vertex that is not committed yet.
  };
  void drop(const protocol::digest& id);

  mempool_limits bounds_;
  std::unordered_map<protocol::digest, entry> known_;
  std::deque<protocol::digest> queue_;
  std::vector<refusal> refused_;
  std::size_t bytes_ = 0;
};

}  // namespace datagen
