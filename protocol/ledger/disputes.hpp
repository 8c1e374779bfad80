#pragma once
// What is filed without any draw (protocol.md section 2, steps 5, 6 and 8): contradictions that
// prove themselves, leaves that nobody has shown, inputs that cannot be had, witnesses that do not
// fit the result.

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] dispute_check : std::uint8_t {
  ok = 0,
  unknown_session = 1,
  unknown_validator = 2,
  bad_receipt = 3,         ///< Step 6: both signatures, on this chain.
  not_twins = 4,           ///< Two different statements about one job and attempt are needed.
  already_convicted = 5,   ///< Once per leaf.
  too_early = 6,           ///< Step 6: the receipt's deadline has not passed.
  too_late = 7,            ///< Section 4: the stake it would cost may be gone.
  already_asked = 8,
  insufficient_funds = 9,  ///< Section 7.9: who asks pays for the answer.
  not_asked = 10,
  bad_path = 11,           ///< Step 6: the leaf must lead to the settled root.
  unknown_audit = 12,
  not_a_checker = 13,
  wrong_phase = 14,        ///< Step 8: asked for while the stage computes, once per audit.
  too_few_stored = 15,     ///< Step 8: f+1 signatures settle it.
  wrong_result = 16,       ///< Header and output are not what the checker's digest stands for.
  witness_holds = 17,      ///< Step 8: it is the witness of this output.
  nothing_pending = 18,
};

ruling<dispute_check> check(const rulebook& rules, const state& now, const tx::twin_receipts& x);
ruling<dispute_check> check(const rulebook& rules, const state& now, const tx::twin_tickets& x);
ruling<dispute_check> check(const rulebook& rules, const state& now, const account_id& sender,
                            const tx::ask_for_leaf& x);
ruling<dispute_check> check(const rulebook& rules, const state& now, const tx::show_leaf& x);
ruling<dispute_check> check(const rulebook& rules, const state& now, const account_id& sender,
                            const tx::unavailable& x);
ruling<dispute_check> check(const rulebook& rules, const state& now, const tx::stored& x);
ruling<dispute_check> check(const rulebook& rules, const state& now,
                            const tx::challenge_witness& x);
ruling<dispute_check> check(const rulebook& rules, const state& now, const tx::wrong_witness& x);
/// @pre `check` returned ok
void apply(block_scope& b, const tx::twin_receipts& x);
void apply(block_scope& b, const tx::twin_tickets& x);
void apply(block_scope& b, const account_id& sender, const tx::ask_for_leaf& x);
void apply(block_scope& b, const tx::show_leaf& x);
void apply(block_scope& b, const account_id& sender, const tx::unavailable& x);
void apply(block_scope& b, const tx::stored& x);
void apply(block_scope& b, const tx::challenge_witness& x);
void apply(block_scope& b, const tx::wrong_witness& x);

/// Convicts whoever let a question for a leaf run out.
void run_dispute_deadlines(block_scope& b);
/// May `id` still have to answer for a receipt or a canary?
bool has_open_dispute(const state& now, validator_id id);

}  // namespace datagen::protocol::ledger
