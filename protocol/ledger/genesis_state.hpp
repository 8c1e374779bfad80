#pragma once
// Block zero: which genesis a Heavy Chain may start from, and the state it starts with (R29;
// protocol.md sections 4 and 8).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] genesis_check : std::uint8_t {
  ok = 0,
  bad_coin = 1,          ///< Consensus.md 3.3: a sharing with threshold q for each committee.
  bad_parameters = 2,    ///< Section 8: the table must pass its own gates.
  bad_authors = 3,       ///< Section 5: 1 to `heavy_committee_max` distinct authors.
  bad_validators = 4,    ///< Section 2, step 1: at least one, distinct keys, short names, an ask.
  below_minimum = 5,     ///< Section 2, step 1: validators and authors bond their minimum stake.
  supply_exceeded = 6,   ///< Section 4: accounts, stakes and mining within 30,000,000 DG.
  bad_kernel = 7,        ///< Section 7.9: kernel names have 1 to 32 characters.
  known_secret = 8,      ///< Publicly known keys belong on development chains only.
};

/// @param group what the coins' keys are points of
ruling<genesis_check> check(const genesis& x, const coin_group& group = *openssl_coin_group());
/// What accounts and stakes leave of the 30,000,000 DG beside the 15,000,000 for mining.
/// @returns nothing when they exceed it
std::optional<amount> genesis_reserve(const genesis& x);

/// @pre `check(x)` returned ok
rulebook make_rulebook(const genesis& x, const signature_checker& signatures,
                       std::shared_ptr<const coin_checker> coins);
state make_state(const genesis& x);

}  // namespace datagen::protocol::ledger
