#pragma once
// Candidates for the Heavy committee and their stakes (consensus.md 2.13; protocol.md section 5:
// few authors elected by stake).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] author_check : std::uint8_t{
  ok = 0,
  nothing_staked = 1,      ///< Standing adds stake; there is nothing else to say by it.
  insufficient_funds = 2,  ///< Section 4: supply is conserved.
  below_minimum = 3,       ///< `author_minimum_stake`, all that is bonded counted together.
  expelled = 4,            ///< One registry entry per key, for ever, as for validators.
  unbonding = 5,           ///< Who stood down may stand again once its stake is paid out.
  registry_full = 6,       ///< Section 7.9: `authors_max` entries.
  not_a_candidate = 7,     ///< Only who stands can stand down.
};
inline constexpr std::uint32_t authors_max = 1u << 16;

ruling<author_check> check(const rulebook& rules, const state& now, const account_id& sender,
                           const tx::stand& x);
ruling<author_check> check(const rulebook& rules, const state& now, const account_id& sender,
                           const tx::stand_down& x);
/// @pre `check` returned ok
void apply(block_scope& b, const account_id& sender, const tx::stand& x);
void apply(block_scope& b, const account_id& sender, const tx::stand_down& x);

/// The candidate registered under `key`.
std::optional<author_id> author_of(const state& now, const public_key& key);
/// Takes the share that `slash_equivocated_permille` names of its highest recent stake, burns it,
/// and expels who has less than the minimum left.
void slash_author(block_scope& b, author_id id);
/// Pays out the stakes of those whose unbonding is over and who answer for no committee any more.
void release_authors(block_scope& b);

}  // namespace datagen::protocol::ledger
