#pragma once
// What may be said in an audit: commitments and reveals of checkers, P's opening, U's evidence, an
// appeal (R18; protocol.md section 2, step 8, and section 3).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] audit_check : std::uint8_t {
  ok = 0,
  unknown_audit = 1,
  wrong_stage = 2,        ///< Only the stage under way hears checkers.
  not_a_checker = 3,      ///< Step 7: the beacon draws who checks.
  commit_window_over = 4, ///< Section 7.10: the wait has a deadline.
  already_committed = 5,
  commit_window_open = 6, ///< Step 8: nothing is revealed before the commit window closes.
  reveal_window_over = 7,
  not_committed = 8,      ///< Step 8: the reveal must open the checker's commitment.
  already_revealed = 9,
  already_opened = 10,
  bad_opening = 11,       ///< Step 5: salt and digest must open the leaf's commitment.
  wrong_job = 12,         ///< The evidence is about another job, attempt or validator.
  bad_evidence = 13,      ///< Step 8: an unsupported statement counts as absent.
  already_said = 14,
  not_convicted = 15,     ///< Section 3, appeal: there is a pending slash.
  not_the_convict = 16,
  not_appealable = 17,    ///< Section 3: the last stage is final, signatures beat votes.
  insufficient_funds = 18,
};

ruling<audit_check> check(const rulebook& rules, const state& now, const account_id& sender,
                          const tx::check_commit& x);
ruling<audit_check> check(const rulebook& rules, const state& now, const account_id& sender,
                          const tx::check_reveal& x);
ruling<audit_check> check(const rulebook& rules, const state& now, const account_id& sender,
                          const tx::open_commitment& x);
ruling<audit_check> check(const rulebook& rules, const state& now, const account_id& sender,
                          const tx::user_evidence& x);
ruling<audit_check> check(const rulebook& rules, const state& now, const account_id& sender,
                          const tx::appeal& x);
/// @pre `check` returned ok
void apply(block_scope& b, const account_id& sender, const tx::check_commit& x);
void apply(block_scope& b, const account_id& sender, const tx::check_reveal& x);
void apply(block_scope& b, const account_id& sender, const tx::open_commitment& x);
void apply(block_scope& b, const account_id& sender, const tx::user_evidence& x);
void apply(block_scope& b, const account_id& sender, const tx::appeal& x);

}  // namespace datagen::protocol::ledger
