#pragma once
// Emission and its payment for matured compute (R26, R30; protocol.md section 4).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

/// Counts `units` of `validator`'s work, for which `payer` has paid `price`, into the running reward
/// epoch.
void mature(block_scope& b, validator_id validator, const account_id& payer, std::uint64_t units,
            amount price);
/// Moves the releases due by the block's time from the mining reserve to the reward pool, less the
/// part that a passed burn vote burns (R31).
void emit(block_scope& b);
/// At the end of a reward epoch of live time: R_A = floor(R_tot · C_A / C_tot), capped where the
/// parameters say so; what is not paid stays in the pool.
void pay_rewards(block_scope& b);

/// The most that `units` sold for `price` may be rewarded with (section 4, reward): what they burned,
/// and their floor cost, which is nothing between a payer and a validator of one operator, and at
/// most the part of the audit fee that no checker's fee brings back. So nobody whose jobs are its
/// own gets more than it gave, at whatever price and under however many names.
amount reward_cap_of(const parameters& p, amount price, std::uint64_t units, bool same_operator);

/// What a validator with `work` gets of `pool` when all work is `units_total`. With `reward_cap`
/// each claim's part is capped for itself: a claim cannot fill what another one's cap leaves.
amount reward_of(const parameters& p, amount pool, const matured_work& work, uint128 units_total);

}  // namespace datagen::protocol::ledger
