#pragma once
// What the Fast Chain settles on Heavy, and which of it is drawn for audits (R15, R17; protocol.md
// section 2, steps 6 and 7).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] checkpoint_check : std::uint8_t {
  ok = 0,
  wrong_sequence = 1,   ///< Step 6: accepted in order, so that none can be left out.
  too_many_leaves = 2,  ///< Section 7.9: a draw visits every leaf, so their count is bounded.
  epoch_order = 3,      ///< Step 6: claim epochs close once and in order.
  bad_proof = 4,        ///< Section 5: the content is section 0 of the certified Fast state.
  bad_certificate = 5,  ///< Section 5: q signatures of the Fast committee that Heavy has seated.
  not_its_last = 6,     ///< Consensus.md 2.13: a committee closes for its ready successor only.
};
inline constexpr std::uint32_t checkpoint_leaves_max = 1u << 20;
inline constexpr std::uint64_t closed_checkpoints_kept = 64;

enum class [[nodiscard]] opening_check : std::uint8_t {
  ok = 0,
  unknown_checkpoint = 1,
  not_drawn = 2,        ///< Step 7: only drawn indices are opened, and a newcomer's (section 4).
  already_open = 3,
  unknown_session = 4,
  unknown_validator = 5,
  bad_path = 6,         ///< Step 6: the leaf must lead to the settled root.
  bad_receipt = 7,      ///< Step 6: a leaf counts with both signatures only.
  insufficient_funds = 8,  ///< Section 4: a validator on probation prepays its checks.
};

ruling<checkpoint_check> check(const rulebook& rules, const state& now, const tx::checkpoint& x);
ruling<opening_check> check(const rulebook& rules, const state& now, const tx::open_leaf& x);
/// @pre `check` returned ok
void apply(block_scope& b, const tx::checkpoint& x);
/// Pays `opening_fee` out of the audit fund to a `sender` that signed for a drawn leaf.
void apply(block_scope& b, const account_id& sender, const tx::open_leaf& x);

/// Draws the leaves of the checkpoints that block `height` ordered.
void draw_checkpoints(block_scope& b, std::uint64_t height, const digest& beacon);
/// An opened leaf's audit is decided: the checkpoint waits for one less.
void close_audit_of(block_scope& b, std::uint64_t sequence);
/// Fines the signers of checkpoints whose drawn leaves stayed closed, settles finished claim
/// epochs, and forgets what can no longer be claimed.
void run_checkpoint_deadlines(block_scope& b);

}  // namespace datagen::protocol::ledger
