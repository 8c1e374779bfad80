#pragma once
// Who is to follow (consensus.md 2.13). Heavy: the candidates with the highest stakes. Fast: all
// active validators, or as many as may serve, drawn by stake with a beacon requested after the
// candidates are fixed.
//
// Heavy elects when half of a term is over, so that the coin is ready when the epoch ends with its
// term. A Fast committee closes as soon as its successor is ready, so Fast elects when the term is
// over. An election whose coin has not come about after a whole further term is repeated.

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

/// Fewer candidates change nothing: the committee that serves goes on serving.
inline constexpr std::size_t committee_min = 4;

/// Holds the elections whose time has come.
void run_elections(block_scope& b);
/// Draws the Fast committee whose candidates block `height` froze.
void draw_committees(block_scope& b, std::uint64_t height, const digest& beacon);

}  // namespace datagen::protocol::ledger
