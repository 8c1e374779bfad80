#pragma once
// The list of all parameters: order, name, unit, meaning. The codec, `inspect params` and the
// parser of configuration files all walk this one list, so none of them can forget a row.

#include "protocol/params.hpp"

namespace datagen::protocol {

/// Calls visit(name, field, unit, meaning) for each field of one engine, names without prefix.
template <class Pacing, class Visit>
void visit_pacing(Pacing& p, Visit&& visit) {
  visit("wave_rounds", p.wave_rounds, "rounds", "wave length w: rounds from proposal to decision");
  visit("leader_slots", p.leader_slots, "slots", "leader slots l per round (1 with 4 authors)");
  visit("min_round_delay_ms", p.min_round_delay_ms, "ms", "shortest time between own vertices");
  visit("wait_all_ms", p.wait_all_ms, "ms", "longest wait for active authors beyond the quorum");
  visit("idle_ms", p.idle_ms, "ms", "pace of rounds while there is nothing to order");
  visit("gc_depth_rounds", p.gc_depth_rounds, "rounds", "vertices this far below are collected");
  visit("retain_commits", p.retain_commits, "commits", "blocks kept for peers that lag");
}

/// Calls visit(name, field, unit, meaning) for every parameter in canonical order. Append only.
template <class Parameters, class Visit>
void visit_parameters(Parameters& p, Visit&& visit) {
  visit("revision", p.revision, "number", "protocol revision these rows belong to");

  visit("audit_mode", p.mode, "name", "verdict table: whitepaper or hardened");
  visit("audit_rate_ppm", p.audit_rate_ppm, "ppm", "share p of settled leaves that is audited");
  visit("audit_rate_floor_ppm", p.audit_rate_floor_ppm, "ppm", "no vote sets the rate below this");
  visit("checkers", p.checkers, "count", "cross-checkers of one audit");
  visit("refills_max", p.refills_max, "count", "refills of no-show seats in one audit");
  visit("escalation_committee", p.escalation_committee, "count", "fresh checkers of an escalation");
  visit("escalation_quorum", p.escalation_quorum, "count",
        "present it needs; quorum/committee of those decide");
  visit("canary_share_permille", p.canary_share_permille, "permille", "audits that are canaries");
  visit("commit_window_ms", p.commit_window_ms, "ms", "time for checkers to compute and commit");
  visit("reveal_window_ms", p.reveal_window_ms, "ms", "time for checkers to reveal");
  visit("open_deadline_ms", p.open_deadline_ms, "ms",
        "time for the committee to open drawn leaves");
  visit("audit_grace_ms", p.audit_grace_ms, "ms", "liveness before missing data is `withheld`");
  visit("last_stage_window_ms", p.last_stage_window_ms, "ms", "time for all validators to check");
  visit("appeal_window_ms", p.appeal_window_ms, "ms", "a slash stays pending this long; 0 = none");
  visit("absent_bar_ms", p.absent_bar_ms, "ms", "a no-show checker is not drawn for this long");
  visit("dissent_bar_ms", p.dissent_bar_ms, "ms", "a refuted dissenter is barred, doubling");
  visit("kernel_undetermined_max", p.kernel_undetermined_max, "count",
        "undetermined audits until a kernel version is suspended");

  visit("assumed_corrupt_permille", p.assumed_corrupt_permille, "permille",
        "assumed corrupt share b; conviction chance 1 - b^3");
  visit("deterrence_margin_permille", p.deterrence_margin_permille, "permille",
        "safety factor in V = margin * p * d * S");
  visit("value_cap_floor", p.value_cap_floor, "10^-18 DG", "V at minimum stake is at least this");
  visit("value_cap_user_share_permille", p.value_cap_user_share_permille, "permille",
        "part of a validator's V that one user may fill");
  visit("audit_fund_margin_permille", p.audit_fund_margin_permille, "permille",
        "safety factor of the audit fee over its expected cost");
  visit("expected_escalation_millichecks", p.expected_escalation_millichecks, "1/1000 check",
        "expected escalation checks per audit");
  visit("checker_fee_permille", p.checker_fee_permille, "permille",
        "fee of one check, of the price");
  visit("checker_fee_max", p.checker_fee_max, "10^-18 DG", "fee of one check, at most");
  visit("bounty", p.bounty, "10^-18 DG", "shared by the right side of a conviction");
  visit("refund_max", p.refund_max, "10^-18 DG", "refund out of a slash, at most");
  visit("opening_fee", p.opening_fee, "10^-18 DG", "paid to whoever opens a drawn leaf");
  visit("unopened_fine", p.unopened_fine, "10^-18 DG", "per signer of a leaf left unopened");
  visit("appeal_bond", p.appeal_bond, "10^-18 DG",
        "locked by a convict that demands the last stage");
  visit("user_bond", p.user_bond, "10^-18 DG", "locked when a session opens");

  visit("probation_jobs", p.probation_jobs, "count",
        "audited jobs before probation ends; 0 = none");
  visit("probation_payers", p.probation_payers, "count", "distinct payers among them");
  visit("probation_units", p.probation_units, "units", "units among them");

  visit("minimum_stake", p.minimum_stake, "10^-18 DG", "stake below which a validator is expelled");
  visit("slash_wrong_result_permille", p.slash_wrong_result_permille, "permille",
        "of the highest recent stake, for a wrong result");
  visit("slash_withheld_permille", p.slash_withheld_permille, "permille",
        "for a withheld input, opening or leaf");
  visit("slash_equivocated_permille", p.slash_equivocated_permille, "permille",
        "for two signed statements that contradict each other");
  visit("slash_wrong_check_permille", p.slash_wrong_check_permille, "permille",
        "for a wrong check");
  visit("unbonding_ms", p.unbonding_ms, "ms", "stake stays slashable this long after withdrawal");
  visit("kernel_payable_stake_permille", p.kernel_payable_stake_permille, "permille",
        "stake able to run a kernel version that is payable");

  visit("epoch_ms", p.epoch_ms, "ms", "length of an epoch");
  visit("leaf_deadline_ms", p.leaf_deadline_ms, "ms", "a receipt's leaf is on chain by then");
  visit("delivery_window_ms", p.delivery_window_ms, "ms", "time to file `not delivered`");
  visit("maturity_target_ms", p.maturity_target_ms, "ms", "time from leaf to payable, as planned");

  visit("fee_validator_permille", p.fee_validator_permille, "permille", "of the price, to P");
  visit("fee_audit_permille", p.fee_audit_permille, "permille", "of the price, to the audit fund");
  visit("fee_burn_permille", p.fee_burn_permille, "permille", "of the price, burned");
  visit("transaction_fee", p.transaction_fee, "10^-18 DG",
        "burned by every money move that locks, sends or changes something");
  visit("reward_cap", p.reward_cap, "flag", "reward at most burned fee + floor cost of own jobs");
  visit("reward_floor_per_unit", p.reward_floor_per_unit, "10^-18 DG", "floor cost of one unit");
  visit("emission_start_unix", p.emission_start_unix, "unix s", "first release; 0 = genesis time");

  visit("echo_fanout_max", p.echo_fanout_max, "count", "all validators up to here; 0 = always all");
  visit("echo_sample", p.echo_sample, "count", "validators drawn where there are more");
  visit("echo_best_entries", p.echo_best_entries, "count", "entries a report states in clear");
  visit("echo_period_ms", p.echo_period_ms, "ms", "Echo is repeated this often");
  visit("echo_degrade_permille", p.echo_degrade_permille, "permille",
        "latency growth that calls for a new Echo; 0 = never");
  visit("echo_hysteresis_permille", p.echo_hysteresis_permille, "permille",
        "gain below which a user stays with its validator");
  visit("echo_cost_per_validator", p.echo_cost_per_validator, "10^-18 DG", "charged per package");
  visit("echo_deposit", p.echo_deposit, "10^-18 DG", "refundable, for the first Echo");

  visit("market_band_permille", p.market_band_permille, "permille", "half width of the range");
  visit("market_step_permille", p.market_step_permille, "permille", "largest move per epoch");
  visit("market_payer_share_permille", p.market_payer_share_permille, "permille",
        "weight of one payer's or operator's fills, at most");
  visit("market_operators_min", p.market_operators_min, "count", "with fewer the range stays");

  visit("vote_open_lock", p.vote_open_lock, "10^-18 DG", "locked together to open a proposal");
  visit("vote_join_lock", p.vote_join_lock, "10^-18 DG", "locked to vote, at least");
  visit("vote_quorum_permille", p.vote_quorum_permille, "permille", "of circulating supply");
  visit("vote_length_ms", p.vote_length_ms, "ms", "length of a vote");
  visit("vote_start_min_ms", p.vote_start_min_ms, "ms", "earliest start after opening");
  visit("vote_start_max_ms", p.vote_start_max_ms, "ms", "latest start after opening");

  visit("heavy_committee_max", p.heavy_committee_max, "count", "authors of the Heavy Chain");
  visit("fast_committee_max", p.fast_committee_max, "count", "authors of the Fast Chain");
  visit("checkpoint_blocks", p.checkpoint_blocks, "blocks", "K: Fast blocks per checkpoint");
  visit("snapshot_blocks", p.snapshot_blocks, "blocks",
        "of either chain, between states that whoever was away can fetch");
  visit("fast_dead_heavy_blocks", p.fast_dead_heavy_blocks, "blocks",
        "silence after which a Fast committee is replaced");
  const auto prefixed = [&visit](const std::string& prefix) {
    return [&visit, prefix](const char* name, auto& field, const char* unit, const char* meaning) {
      visit((prefix + name).c_str(), field, unit, meaning);
    };
  };
  visit_pacing(p.heavy, prefixed("heavy."));
  visit_pacing(p.fast, prefixed("fast."));
  visit("committee_term_ms", p.committee_term_ms, "ms",
        "live time a committee serves before the next may follow");
  visit("author_minimum_stake", p.author_minimum_stake, "10^-18 DG",
        "stake below which nobody is a candidate for the Heavy Chain");
  visit("echo_window_ms", p.echo_window_ms, "ms", "from paying for an Echo to its report, at most");
}

}  // namespace datagen::protocol
