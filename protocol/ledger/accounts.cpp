#include "protocol/ledger/accounts.hpp"

namespace datagen::protocol::ledger {

ruling<transfer_check> check(const rulebook&, const state& now, const account_id& sender,
                             const tx::transfer& x) {
  if (x.value == amount{})
    return {transfer_check::no_value, "a transfer of 0 DG moves nothing"};
  if (const auto free = spendable(now, sender); x.value > free)
    return {transfer_check::insufficient_funds,
            "value " + to_text(x.value) + " exceeds the free balance less the fee, " + to_text(free)};
  return {};
}

void apply(block_scope& b, const account_id& sender, const tx::transfer& x) {
  debit(b, sender, x.value);
  credit(b, x.to, x.value);
  b.announce(happened::transferred{sender, x.to, x.value});
}

amount balance_of(const state& now, const account_id& who) {
  const auto found = now.accounts->find(who);
  return found == now.accounts->end() ? amount{} : found->second.balance;
}

amount spendable(const state& now, const account_id& who) {
  const auto free = balance_of(now, who), fee = now.params().transaction_fee;
  return free > fee ? free - fee : amount{};
}

void burn_fee(block_scope& b, const account_id& sender) {
  const auto fee = b.params().transaction_fee;
  if (fee == amount{})
    return;
  debit(b, sender, fee);
  b.now.treasury.edit().burned += fee;
  b.announce(happened::fee_paid{sender, fee});
}

void credit(block_scope& b, const account_id& who, amount value) {
  if (value != amount{})
    b.now.accounts.edit()[who].balance += value;
}

void debit(block_scope& b, const account_id& who, amount value) {
  invariant(balance_of(b.now, who) >= value, "a debit was checked against the balance");
  b.now.accounts.edit()[who].balance -= value;
}

}  // namespace datagen::protocol::ledger
