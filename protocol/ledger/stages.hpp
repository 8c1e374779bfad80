#pragma once
// How an audit moves: stages of drawn checkers, their windows, and what the verdict asks for next
// (R17 to R20; protocol.md section 2, steps 7 and 8, section 3).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

/// A drawn leaf was opened: its audit begins with a beacon request.
void open_audit(block_scope& b, const tx::open_leaf& x, const account_id& user,
                std::uint64_t epoch, bool payable);
/// Asks for checkers from the beacon requested by this block. `slot` is the seat a refill fills.
void open_stage(block_scope& b, audit_record& audit, stage_kind kind, std::uint8_t slot = 0);
/// The stage's checkers have their whole time to compute from now on.
void restart_commit_window(block_scope& b, audit_record& audit);
/// Draws the checkers of every stage that waits for the beacon of `height`.
void draw_stages(block_scope& b, std::uint64_t height, const digest& beacon);
/// Moves one audit as far as what was said and the time allow.
void advance(block_scope& b, const audit_key& key);
/// Moves every audit whose deadline has come.
void run_audit_deadlines(block_scope& b);

}  // namespace datagen::protocol::ledger
