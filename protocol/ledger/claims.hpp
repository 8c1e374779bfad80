#pragma once
// Payment for a closed claim epoch (R15, R26; protocol.md section 2, steps 6 and 9, section 4).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] claim_check : std::uint8_t {
  ok = 0,
  unknown_epoch = 1,
  not_settled = 2,      ///< Step 7: closed, and everything of it drawn and opened.
  already_claimed = 3,  ///< Section 7.3: paid at most once.
  unknown_session = 4,
  unknown_validator = 5,
  frozen = 6,           ///< Section 4: nothing of a frozen validator matures.
  bad_path = 7,         ///< Step 6: the totals are those of the epoch's Merkle-sum tree.
  lane_exhausted = 8,   ///< Section 7.3: a session never pays more than its escrow.
  canary_open = 9,      ///< Step 8: a canary is never paid for, so it is revealed before.
  unproved = 10,        ///< Section 4, probation: every leaf is audited first.
  too_many_entries = 11,   ///< Section 7.9: 1 to `claim_entries_max`.
  open_to_proofs = 12,     ///< Step 9: a closed epoch is open to fraud proofs for one epoch.
  audit_open = 13,         ///< Section 4: earlier opened audits of the validator are closed first.
  delivery_open = 14,      ///< Step 9: a result that is asked for comes before its price.
  count_open = 15,         ///< Step 9: so does a job of the totals that is asked for.
  voided = 16,             ///< Step 9: nobody has shown what the entry counts.
};

/// A claim is good when any of its entries can be paid now; else the first one's reason is told.
ruling<claim_check> check(const rulebook& rules, const state& now, const tx::claim& x);
/// Pays the entries that can be paid; others may be claimed again. @pre `check` returned ok
void apply(block_scope& b, const tx::claim& x);

/// A leaf of a validator on probation passed its audit.
void prove(block_scope& b, std::uint64_t epoch, const leaf& x);
/// An audit, or a delivery that did not come, took a leaf's price out of its owner's claim and its
/// units out of the reward; once, for however many reasons.
void deduct(block_scope& b, std::uint64_t epoch, const leaf& x);
/// An appeal gave it back.
void undo_deduction(block_scope& b, std::uint64_t epoch, const leaf& x);

/// Is an audit open of a leaf that `validator` has in `epoch` or before? Nothing of it matures.
bool awaits_audit(const state& now, validator_id validator, std::uint64_t epoch);
/// How long a settled epoch stays open to fraud proofs before its claims are paid (step 9).
std::uint64_t fraud_window_ms(const parameters& p);

}  // namespace datagen::protocol::ledger
