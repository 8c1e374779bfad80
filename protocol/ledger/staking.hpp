#pragma once
// Stake before admission, slash on proven cheating, finally expulsion (R27; protocol.md section 4).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] staking_check : std::uint8_t {
  ok = 0,
  below_minimum = 1,       ///< Section 2, step 1: validators bond at least the minimum stake.
  insufficient_funds = 2,  ///< Section 4: supply is conserved.
  already_registered = 3,  ///< Section 2, step 1: one registry entry per key, for ever.
  bad_name = 4,            ///< Section 7.9: a name has at most 32 characters.
  registry_full = 5,       ///< Section 2, step 6: a leaf holds 24 bits of validator index.
  not_a_validator = 6,     ///< Only who has joined may set an ask or leave.
  not_active = 7,          ///< Section 4: leaving, frozen and expelled validators take no new turn.
  no_ask = 8,              ///< Section 4, market: an ask is a price above zero.
  no_value = 9,            ///< An addition of nothing.
  out_of_range = 10,       ///< Section 4, market: an ask lies inside the price range.
};
inline constexpr std::size_t validator_name_max = 32;
inline constexpr std::uint32_t validators_max = 1u << 24;

ruling<staking_check> check(const rulebook& rules, const state& now, const account_id& sender,
                            const tx::join& x);
ruling<staking_check> check(const rulebook& rules, const state& now, const account_id& sender,
                            const tx::set_ask& x);
ruling<staking_check> check(const rulebook& rules, const state& now, const account_id& sender,
                            const tx::leave& x);
ruling<staking_check> check(const rulebook& rules, const state& now, const account_id& sender,
                            const tx::add_stake& x);
/// @pre `check` returned ok
void apply(block_scope& b, const account_id& sender, const tx::join& x);
void apply(block_scope& b, const account_id& sender, const tx::set_ask& x);
void apply(block_scope& b, const account_id& sender, const tx::leave& x);
void apply(block_scope& b, const account_id& sender, const tx::add_stake& x);

/// The validator registered under `key`.
std::optional<validator_id> validator_of(const state& now, const public_key& key);

/// Takes `permille` of the highest stake held within the unbonding period, at most what is left
/// (section 4, slash). The caller puts what is returned into a bucket.
amount take_slash(block_scope& b, validator_id id, std::uint32_t permille);
/// Gives a pending slash back after an appeal.
void return_slash(block_scope& b, validator_id id, amount value);
/// Takes `value` out of the stake as a bond, and puts it back. @pre the stake holds it
void pledge_stake(block_scope& b, validator_id id, amount value);
void return_pledge(block_scope& b, validator_id id, amount value);
/// No new jobs and checks, and nothing matures, while a slash is pending.
void freeze(block_scope& b, validator_id id);
void unfreeze(block_scope& b, validator_id id);
/// Below the minimum stake: expelled, its sessions unpaired, the rest of its stake unbonding.
void expel_if_poor(block_scope& b, validator_id id);
/// Pays out stakes whose unbonding is over, whose audits and checks are closed, and whose owners
/// answer for no Fast committee any more.
void release_stakes(block_scope& b);
void announce_change(block_scope& b, validator_id id);

}  // namespace datagen::protocol::ledger
