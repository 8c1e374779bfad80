#pragma once
// An elected committee makes its coin on the chain (consensus.md 3.3, stage 2): the first n - f
// valid dealings of distinct members, in the chain's order. Too few, and the epoch goes on.

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] dealing_rule : std::uint8_t{
  ok = 0,
  no_ceremony = 1,     ///< No committee of this chain and epoch waits for its coin (any more).
  coin_complete = 2,   ///< Stage 2.3: the first n - f dealings make the coin, later ones nothing.
  not_the_dealer = 3,  ///< Only the member itself may post its dealing.
  already_dealt = 4,   ///< Stage 2.3: distinct dealers.
  bad_dealing = 5,     ///< `dkg::dealing_check` names the rule.
};

ruling<dealing_rule> check(const rulebook& rules, const state& now, const account_id& sender,
                           const tx::coin_dealing& x);
/// @pre `check` returned ok
void apply(block_scope& b, const account_id& sender, const tx::coin_dealing& x);

/// The key generation in which the members of `next` make its coin.
dkg::ceremony ceremony_of(const consensus::roster& next);

}  // namespace datagen::protocol::ledger
