#pragma once
// Votes of holders: how much of each release is burned (R31; protocol.md section 4, burn vote), and
// which parameters hold from which block on (section 5, upgrades).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] vote_check : std::uint8_t {
  ok = 0,
  percentages = 1,         ///< Section 4: the two percentages sum to 100.
  starts_too_early = 2,    ///< Section 4: at least `vote_start_min_ms` ahead.
  starts_too_late = 3,     ///< Section 4: at most `vote_start_max_ms` ahead.
  lock_too_small = 4,      ///< Section 4: whoever locks, locks at least `vote_join_lock`.
  insufficient_funds = 5,  ///< Section 4: supply is conserved.
  drafts_full = 6,         ///< Section 7.9: `drafts_max`, each with a larger pool than this lock.
  unknown_proposal = 7,    ///< No such draft, or, for a vote, not the open proposal.
  not_started = 8,
  over = 9,
  already_voted = 10,      ///< Section 4: whoever locks votes once.
  bad_row = 11,            ///< Not a row, not a value of it, or none at all.
  fixed_row = 12,          ///< `fixed_by_genesis`.
  breaks_gate = 13,        ///< Section 4: the changed table fails a check; says formula and numbers.
  bad_delay = 14,          ///< A change holds from a later block than its count, within a year.
  too_many_supporters = 15,  ///< Section 7.9: `supporters_max` of one draft.
};
/// Drafts that gather their pools at one time. A further one takes the place of the smallest.
inline constexpr std::size_t drafts_max = 16;
inline constexpr std::size_t supporters_max = 10'000;
inline constexpr std::size_t changed_rows_max = 32;
inline constexpr std::uint32_t activation_delay_max = 32'000'000;  ///< Blocks; about a year.

ruling<vote_check> check(const rulebook& rules, const state& now, const account_id& sender,
                         const tx::propose& x);
ruling<vote_check> check(const rulebook& rules, const state& now, const account_id& sender,
                         const tx::support& x);
ruling<vote_check> check(const rulebook& rules, const state& now, const account_id& sender,
                         const tx::vote& x);
/// @pre `check` returned ok
void apply(block_scope& b, const account_id& sender, const tx::propose& x);
void apply(block_scope& b, const account_id& sender, const tx::support& x);
void apply(block_scope& b, const account_id& sender, const tx::vote& x);

proposals_in_sight proposals_of(const governance_section& now);
/// Puts the table into force that a passed change has for this block.
void activate_parameters(block_scope& b);
/// Lets drafts lapse whose time is over, counts a vote that has ended, opens the next full draft.
void run_votes(block_scope& b);

/// Did a vote pass? More than half of the locked weight, from at least `quorum`; ties fail.
happened::vote_outcome outcome_of(amount yes, amount no, amount quorum);

}  // namespace datagen::protocol::ledger
