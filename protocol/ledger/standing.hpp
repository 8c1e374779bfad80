#pragma once
// How a follower that did not hear the chain from the beginning comes to stand where it is: from one
// whole state that a quorum has signed (consensus.md 2.15), instead of every event since genesis.

#include "protocol/ledger/state.hpp"
#include "protocol/ledger/view.hpp"

namespace datagen::protocol::ledger {

struct standing {
  view known;
  /// What is under way, as if it had been announced in the state's own block: checkpoints whose
  /// audits are open, audits in their present stage, questions and their deadlines, Echoes that are
  /// paid for, committees that are being made. What is over is not told.
  block_events open;
};

/// @pre `now` is what a certificate of its Heavy committee stands for
standing standing_in(const state& now);

}  // namespace datagen::protocol::ledger
