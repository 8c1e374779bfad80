#pragma once
// Wrong on purpose, and said so beforehand: what makes lazy agreement of checkers costly
// (protocol.md section 2, step 8).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] canary_check : std::uint8_t {
  ok = 0,
  not_a_validator = 1,  ///< Step 8: a bonded validator registers.
  not_used = 2,         ///< Section 8: no canaries without escalation, or at a share of 0.
  too_many = 3,         ///< Section 8: hidden and audited ones are at most `canary_share_permille`
                        ///< of one's passed audits, and one.
  already_registered = 4,
  not_registered = 5,
  bad_signature = 6,    ///< Step 8: the user cooperates.
  wrong_job = 7,        ///< The audit is another validator's.
  commit_window_open = 8,  ///< Step 8: the truth would tell checkers what to copy.
  too_late = 9,            ///< Registered after the leaf it is about was settled.
  bad_deadline = 10,       ///< Section 7.10: in the future, and within the grace period.
  bad_place = 11,          ///< The leaf that is shown is another's, or in no remembered checkpoint.
};

ruling<canary_check> check(const rulebook& rules, const state& now, const account_id& sender,
                           const tx::register_canary& x);
ruling<canary_check> check(const rulebook& rules, const state& now, const account_id& sender,
                           const tx::reveal_canary& x);
/// @pre `check` returned ok
void apply(block_scope& b, const account_id& sender, const tx::register_canary& x);
void apply(block_scope& b, const account_id& sender, const tx::reveal_canary& x);

/// The truth that was told of `x`, a leaf settled at height `settled`, before it was opened.
std::optional<digest> truth_told(const state& now, const leaf& x, const account_id& user,
                                 std::uint64_t settled);
/// An audit of `who` is about a canary: it counts against the share.
void count_canary(block_scope& b, validator_id who);

/// A canary that stays hidden is a wrong result.
void run_canary_deadlines(block_scope& b);

}  // namespace datagen::protocol::ledger
