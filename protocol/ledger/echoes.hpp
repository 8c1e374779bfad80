#pragma once
// What an Echo costs and whom it asks (R10, R13; protocol.md section 2, step 2): every package makes
// a validator work, so it is paid for beforehand; the first one out of a deposit that comes back with
// the first claim paid, later ones for good unless members of the Fast committee saw the outage.

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] ask_check : std::uint8_t {
  ok = 0,
  unknown_session = 1,
  not_the_user = 2,
  session_closed = 3,
  one_open = 4,  ///< Step 2: one open Echo per user.
  cost = 5,      ///< Step 2: every Echo but the first is charged beforehand.
};

ruling<ask_check> check(const rulebook& rules, const state& now, const account_id& sender,
                        const tx::ask_echo& x);
/// @pre `check` returned ok
void apply(block_scope& b, const account_id& sender, const tx::ask_echo& x);

/// Draws the samples that were requested at `height`.
void draw_samples(block_scope& b, std::uint64_t height, const digest& beacon);
/// Ends open Echoes whose report is late: what they cost stays in the audit fund.
void run_echo_deadlines(block_scope& b);

/// Are there more active validators than one Echo may ask?
bool needs_sample(const state& now);
/// Price of asking `packages` validators for `session`: nothing the first time, which the deposit
/// covers, nor while it has no active validator.
amount echo_cost(const state& now, const session_record& session, std::size_t packages);
/// The first Echo is noted, so that a session that pays nobody leaves what it cost.
void note_first_echo(block_scope& b, session_id id, std::size_t packages);
/// Do two members or more of the serving Fast committee, none of them the paired validator, say that
/// it is down or degraded?
bool excused(const rulebook& rules, const state& now, const session_record& session,
             const tx::echo_report& x);
/// Takes `cost` from free escrow first, then from `sender`'s balance, into the audit fund.
void charge_echo(block_scope& b, session_id id, const account_id& sender, amount cost);

}  // namespace datagen::protocol::ledger
