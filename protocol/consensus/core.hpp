#pragma once
// The engine of one chain for one epoch (consensus.md 2 and 7): events in, effects out. One thread,
// no clock, no I/O, no randomness; input from peers never makes it stop.

#include "protocol/consensus/coin.hpp"
#include "protocol/consensus/events.hpp"

namespace datagen::protocol::consensus {

struct core_config {
  committee members;
  engine_params params;
  author_index self = 0;
  key_pair key;  ///< Signs own vertices.
  std::shared_ptr<const coin_source> coin;
  commit_index first_commit = 1;  ///< Height of the epoch's first block.
};

/// What an operator may want to see; cheap to copy.
struct core_status {
  round_number own_round = 0;      ///< o: round of the last durable own vertex.
  round_number decided_round = 0;  ///< F: every slot up to here is decided.
  round_number highest_round = 0;  ///< Highest accepted round.
  round_number gc_floor = 0;
  commit_index commits = 0;          ///< Height of the last output block.
  round_number committed_round = 0;  ///< Leader round of the last commit.
  std::size_t accepted = 0;          ///< Vertices held.
  std::size_t suspended = 0;         ///< Vertices waiting for ancestors.
  std::size_t missing = 0;           ///< References being fetched.
  bool proposing = true;             ///< False after an own equivocation was seen (2.11).
  bool closed = false;               ///< `event::epoch_closed` was told: no commit follows.
  std::size_t bygone = 0;            ///< Vertices below the floor, kept for peers behind (2.10).
};

/// Holds one epoch's DAG and decides. The shell feeds it from one mailbox, carries out the effects
/// in order, and starts with `event::start`.
class core {
public:
  explicit core(core_config config);
  ~core();
  core(core&&) noexcept;
  core& operator=(core&&) noexcept;

  /// Handles one event and everything that follows from it. `now.monotonic_ms` must not decrease.
  std::vector<any_effect> handle(const any_event& what, instant now);
  core_status status() const;
  /// What is accepted, for inspectors and the simulator; stays valid until the next event.
  const dag& graph() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace datagen::protocol::consensus
