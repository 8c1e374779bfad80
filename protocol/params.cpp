#include "protocol/params.hpp"

#include "protocol/param_fields.hpp"

namespace datagen::protocol {

namespace {

constexpr uint128 permille = 1'000;
constexpr uint128 ppm = 1'000'000;

/// Seats whose fee may come out of one conviction: the checkers and the second stage. The last
/// stage is paid by its losers, not by the slash (section 3).
std::uint64_t paid_seats_max(const parameters& p) {
  return p.checkers + (p.mode == audit_mode::hardened ? p.escalation_committee : 1);
}

bool ordered(const engine_pacing& x) {
  return x.wave_rounds >= 4 && x.leader_slots >= 1 &&
         x.gc_depth_rounds >= std::uint64_t{10} * x.wave_rounds && x.retain_commits >= 1 &&
         x.min_round_delay_ms <= x.wait_all_ms && x.wait_all_ms <= x.idle_ms && x.idle_ms > 0;
}

/// An election, a key generation and a hand-over take a few decisions each: a term holds four even
/// of an idle chain. Unbonding spans a bounded number of terms, since all their rosters are kept.
bool term_is_sane(const parameters& p) {
  for (const auto& x : {p.heavy, p.fast})
    if (uint128{4} * x.wave_rounds * x.idle_ms > p.committee_term_ms)
      return false;
  return p.author_minimum_stake > amount{} &&
         p.unbonding_ms < (answerable_committees_max - 1) * p.committee_term_ms;
}

bool amounts_are_within_supply(const parameters& p) {
  bool result = true;
  visit_parameters(p, [&result](const char*, const auto& field, const char*, const char*) {
    if constexpr (std::is_same_v<std::decay_t<decltype(field)>, amount>)
      result = result && field <= dg(30'000'000);
  });
  return result;
}

bool slash_is_ordered(const parameters& p) {
  const auto wrong = p.slash_wrong_result_permille;
  return wrong > 0 && p.slash_wrong_check_permille <= wrong && p.slash_withheld_permille >= wrong &&
         p.slash_equivocated_permille >= wrong && p.slash_withheld_permille <= permille &&
         p.slash_equivocated_permille <= permille;
}

bool windows_are_set(const parameters& p) {
  for (auto x : {p.commit_window_ms, p.reveal_window_ms, p.open_deadline_ms, p.audit_grace_ms,
                 p.last_stage_window_ms, p.epoch_ms, p.leaf_deadline_ms, p.delivery_window_ms,
                 p.maturity_target_ms, p.echo_period_ms, p.echo_window_ms, p.unbonding_ms, p.vote_length_ms,
                 p.committee_term_ms})
    if (x == 0 || x > std::uint64_t{100} * 366 * day_ms)  // a century: sums of deadlines stay far from overflow
      return false;
  return p.appeal_window_ms <= 366 * day_ms &&
         (p.mode == audit_mode::whitepaper || p.appeal_window_ms > 0);
}

bool shares_are_parts(const parameters& p) {
  for (auto x : {p.canary_share_permille, p.value_cap_user_share_permille,
                 p.kernel_payable_stake_permille, p.market_payer_share_permille,
                 p.vote_quorum_permille, p.echo_hysteresis_permille, p.checker_fee_permille})
    if (x > permille)
      return false;
  return p.value_cap_user_share_permille > 0 && p.market_payer_share_permille > 0;
}

/// ceil(p · checks per audit · fee · margin) in permille of a price.
std::uint64_t checks_permille(const parameters& p, uint128 margin_permille) {
  // Checks per audit in thousandths: the checkers, those of canaries (which no fee pays for), and
  // the expected escalation.
  const uint128 checks =
    p.checkers * (permille + p.canary_share_permille) + p.expected_escalation_millichecks;
  const uint128 cost = uint128{p.audit_rate_ppm} * checks * p.checker_fee_permille * margin_permille;
  const uint128 scale = ppm * permille * permille;  // leaves permille of the price
  return static_cast<std::uint64_t>((cost + scale - 1) / scale);
}

}  // namespace

const char* to_string(audit_mode mode) {
  return mode == audit_mode::hardened ? "hardened" : "whitepaper";
}

std::uint32_t leader_slots_for(const engine_pacing& pacing, std::uint32_t authors) {
  return authors <= 4 ? 1 : pacing.leader_slots;
}

void describe(encoder& ar, parameters& x) {
  visit_parameters(x, [&ar](const char*, auto& field, const char*, const char*) { ar(field); });
}

void describe(decoder& ar, parameters& x) {
  visit_parameters(x, [&ar](const char*, auto& field, const char*, const char*) { ar(field); });
}

amount slash_amount(amount highest_stake, amount stake_left, std::uint32_t share_permille) {
  return min({mul_div(highest_stake.units, share_permille, permille)}, stake_left);
}

amount unrecoverable_slash(const parameters& p, amount highest_stake, amount stake_left) {
  const auto slash = slash_amount(highest_stake, stake_left, p.slash_wrong_result_permille);
  const amount fees{mul_div(p.checker_fee_max.units, paid_seats_max(p), 1)};
  const auto recoverable = p.refund_max + p.bounty + fees;
  return slash > recoverable ? slash - recoverable : amount{};
}

amount value_cap(const parameters& p, amount highest_stake, amount stake_left) {
  const uint128 b = p.assumed_corrupt_permille;
  if (b >= permille)
    return {};
  const uint128 cube = permille * permille * permille;
  const uint128 factor =
    uint128{p.deterrence_margin_permille} * p.audit_rate_ppm * (cube - b * b * b);
  const auto s = unrecoverable_slash(p, highest_stake, stake_left);
  return {mul_div(s.units, factor, permille * ppm * cube)};
}

amount value_cap_per_user(const parameters& p, amount cap) {
  return {mul_div(cap.units, p.value_cap_user_share_permille, permille)};
}

std::uint64_t check_cost_permille(const parameters& p) {
  return checks_permille(p, permille);
}

std::uint64_t audit_permille_needed(const parameters& p) {
  return checks_permille(p, p.audit_fund_margin_permille);
}

parameter_check check(const parameters& p) {
  using enum parameter_check;
  if (!amounts_are_within_supply(p))
    return amount_range;
  if (uint128{p.fee_validator_permille} + p.fee_audit_permille + p.fee_burn_permille != permille)
    return fee_split;
  if (p.audit_rate_ppm == 0 || p.audit_rate_ppm > ppm || p.audit_rate_ppm < p.audit_rate_floor_ppm)
    return audit_rate;
  // The verdict tables of section 3 are written for three checkers and at most two refills.
  if (p.checkers != 3 || p.refills_max > 2 || p.escalation_committee > 100 ||
      p.escalation_quorum > p.escalation_committee ||
      3 * p.escalation_quorum <= 2 * p.escalation_committee)
    return audit_committee;
  if (!slash_is_ordered(p))
    return slash_order;
  if (p.assumed_corrupt_permille >= permille || p.deterrence_margin_permille == 0 ||
      p.deterrence_margin_permille > permille)
    return corrupt_share;
  if (p.value_cap_floor == amount{} || value_cap(p, p.minimum_stake) < p.value_cap_floor)
    return deterrence_gate;
  if (!shares_are_parts(p))
    return share;
  // The whitepaper's audits are paid from slashes and the fund (section 8), not from a fee.
  if (p.mode == audit_mode::hardened &&
      (p.audit_fund_margin_permille < permille || audit_permille_needed(p) > p.fee_audit_permille))
    return audit_fund_gate;
  if (!windows_are_set(p))
    return window;
  if (p.unbonding_ms < p.leaf_deadline_ms + p.audit_grace_ms + p.appeal_window_ms)
    return unbonding;
  if (p.echo_sample == 0 || (p.echo_fanout_max != 0 && p.echo_sample > p.echo_fanout_max))
    return echo;
  if (p.market_band_permille >= permille || p.market_step_permille == 0 ||
      p.market_step_permille > p.market_band_permille || p.market_operators_min == 0)
    return market;
  if (p.vote_join_lock == amount{} || p.vote_join_lock > p.vote_open_lock ||
      p.vote_start_min_ms > p.vote_start_max_ms || p.vote_start_max_ms > 366 * day_ms)
    return vote;
  if (p.heavy_committee_max < 4 || p.fast_committee_max < 4 || p.checkpoint_blocks == 0 ||
      p.snapshot_blocks == 0 || p.snapshot_blocks % certificate_interval != 0 ||
      p.fast_dead_heavy_blocks == 0)
    return chain;
  if (!ordered(p.heavy) || !ordered(p.fast))
    return pacing;
  if (!term_is_sane(p))
    return term;
  return ok;
}

}  // namespace datagen::protocol
