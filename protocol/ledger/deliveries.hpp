#pragma once
// Results that did not come (protocol.md section 2, step 9): the user asks, the validator answers by
// the committee's temporary store or the user's own word, or is not paid for the job.

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] delivery_check : std::uint8_t {
  ok = 0,
  unknown_session = 1,
  not_the_user = 2,
  unknown_validator = 3,
  bad_receipt = 4,         ///< Step 6: both signatures, on this chain.
  too_late = 5,            ///< Step 9: within `delivery_window_ms` of its epoch's settlement, unpaid.
  not_settled = 6,         ///< Step 6: only settled leaves count for money.
  already_asked = 7,       ///< Once per leaf.
  insufficient_funds = 8,  ///< Section 7.9: who asks pays for the answer.
  not_asked = 9,
  no_answer = 10,          ///< Neither the user's word nor f+1 members'.
};

ruling<delivery_check> check(const rulebook& rules, const state& now, const account_id& sender,
                             const tx::not_delivered& x);
ruling<delivery_check> check(const rulebook& rules, const state& now, const tx::delivered& x);
/// @pre `check` returned ok
void apply(block_scope& b, const account_id& sender, const tx::not_delivered& x);
void apply(block_scope& b, const tx::delivered& x);

/// Takes the price back of what nobody has delivered in time.
void run_delivery_deadlines(block_scope& b);

}  // namespace datagen::protocol::ledger
