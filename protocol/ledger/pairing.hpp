#pragma once
// Who serves whom: Echo reports, latency and random pairing (R10 to R13; protocol.md section 2,
// steps 2 and 3).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] echo_check : std::uint8_t {
  ok = 0,
  unknown_session = 1,
  not_the_user = 2,        ///< Step 2: the report is signed by U.
  session_closed = 3,
  no_entries = 4,          ///< Step 2: the best entries travel in clear.
  too_many_entries = 5,    ///< Step 2: at most `echo_best_entries`, of at most all validators.
  unknown_validator = 6,
  repeated_validator = 7,  ///< One answer per validator and Echo.
  unsorted = 8,            ///< Step 2: the fastest first.
  bad_signature = 9,       ///< Step 2: each entry carries its validator's signature.
  nobody_eligible = 10,    ///< Step 3: a correct answer, an ask at or below the bid.
  cost = 11,               ///< Step 2: every Echo but the first is charged beforehand.
  one_open = 12,           ///< Step 2: one open Echo per user.
  once_per_epoch = 13,     ///< Step 3: one random pairing per bonded user and epoch.
  no_sample = 14,          ///< Step 2: with too many validators an Echo is asked for, and its sample drawn.
  not_in_sample = 15,      ///< Step 2: only who was drawn is asked.
  repeated = 16,           ///< Step 2: a report is charged and pairs once, whoever sends it again.
};

ruling<echo_check> check(const rulebook& rules, const state& now, const account_id& sender,
                         const tx::echo_report& x);
/// @pre `check` returned ok
void apply(block_scope& b, const account_id& sender, const tx::echo_report& x);

/// Draws the random pairings that were requested at `height`.
void draw_pairings(block_scope& b, std::uint64_t height, const digest& beacon);

}  // namespace datagen::protocol::ledger
