#pragma once
// Free balances and transfers (protocol.md section 4).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] transfer_check : std::uint8_t {
  ok = 0,
  no_value = 1,            ///< Section 4: nothing to move.
  insufficient_funds = 2,  ///< Section 4: supply is conserved, so nobody spends what it lacks.
};

ruling<transfer_check> check(const rulebook& rules, const state& now, const account_id& sender,
                             const tx::transfer& x);
/// @pre `check` returned ok
void apply(block_scope& b, const account_id& sender, const tx::transfer& x);

/// Free balance; zero for an account never heard of.
amount balance_of(const state& now, const account_id& who);
/// What a money move of `who` may lock or send: the free balance less the move's fee.
amount spendable(const state& now, const account_id& who);
/// Section 4: whoever changes the ledger pays for its place there, to nobody. @pre it is covered
void burn_fee(block_scope& b, const account_id& sender);
void credit(block_scope& b, const account_id& who, amount value);
/// @pre the balance covers `value`
void debit(block_scope& b, const account_id& who, amount value);

}  // namespace datagen::protocol::ledger
