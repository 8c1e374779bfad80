#pragma once
// Emission and its payment for matured compute (R26, R30; protocol.md section 4).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

/// Counts `units` of `validator`'s work for `payer` into the running reward epoch; `burned` is what
/// the work burned, and with the floor cost per unit the most it can be rewarded with.
void mature(block_scope& b, validator_id validator, const account_id& payer, std::uint64_t units,
            amount burned);
/// Moves the releases due by the block's time from the mining reserve to the reward pool.
void emit(block_scope& b);
/// At the end of a reward epoch of live time: R_A = floor(R_tot · C_A / C_tot), capped where the
/// parameters say so; what is not paid stays in the pool.
void pay_rewards(block_scope& b);

/// What a validator with `work` gets of `pool` when all work is `units_total`.
amount reward_of(const parameters& p, amount pool, const matured_work& work, uint128 units_total);

}  // namespace datagen::protocol::ledger
