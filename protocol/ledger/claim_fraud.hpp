#pragma once
// What is wrong with a closed epoch's totals, shown by two contradicting statements of the committee
// that certified both: the leaves and their sums (R15; protocol.md section 2, step 9).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] fraud_check : std::uint8_t {
  ok = 0,
  unknown_epoch = 1,
  not_closed = 2,       ///< Step 6: totals come with the end of the epoch.
  too_late = 3,         ///< Step 9: paid already, or the epoch in which proofs are heard is over.
  bad_path = 4,         ///< Step 6: the job is not counted where the proof says.
  already_shown = 5,    ///< This job is taken out of the totals.
  nothing_wrong = 6,    ///< The leaf is there, as it is counted, and once.
  wrong_leaf = 7,       ///< The content shown is not the leaf that is counted.
  bad_checkpoint = 8,   ///< Step 6: the checkpoint shown is not the epoch's of that number.
};

/// Do the totals of a closed epoch count this job here?
ruling<fraud_check> check_place(const state& now, const tx::counted_place& x);

ruling<fraud_check> check(const rulebook& rules, const state& now, const account_id& sender,
                          const tx::claim_fraud& x);
/// Takes the job out of its entry, to be refunded when that is paid; slashes who certified the
/// totals, once per epoch, and gives the sender the bounty. @pre `check` returned ok
void apply(block_scope& b, const account_id& sender, const tx::claim_fraud& x);

}  // namespace datagen::protocol::ledger
