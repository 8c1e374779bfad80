// Parameters as people read them: presets by name, rows, and the reason for a refusal.

#include "protocol/param_fields.hpp"

namespace datagen::protocol {

namespace {

template <class Field>
std::string value_text(const Field& field) {
  if constexpr (std::is_same_v<Field, amount>)
    return to_decimal(field.units);
  else if constexpr (std::is_same_v<Field, bool>)
    return field ? "true" : "false";
  else if constexpr (std::is_same_v<Field, audit_mode>)
    return to_string(field);
  else
    return to_decimal(field);
}

/// Reads what `value_text` writes, and amounts in DG too.
template <class Field>
bool read_value(Field& field, std::string_view text) {
  if constexpr (std::is_same_v<Field, amount>) {
    constexpr std::string_view suffix = " DG";
    const bool in_dg = text.ends_with(suffix);
    const auto units = in_dg ? std::nullopt : from_decimal(text);
    const auto whole =
      in_dg ? amount_from_text(text.substr(0, text.size() - suffix.size())) : std::nullopt;
    if (units)
      field.units = *units;
    else if (whole)
      field = *whole;
    return units || whole;
  } else if constexpr (std::is_same_v<Field, bool>) {
    field = text == "true";
    return text == "true" || text == "false";
  } else if constexpr (std::is_same_v<Field, audit_mode>) {
    field = text == "hardened" ? audit_mode::hardened : audit_mode::whitepaper;
    return text == to_string(field);
  } else {
    const auto value = from_decimal(text);
    if (!value || *value > static_cast<Field>(~Field{0}))
      return false;
    field = static_cast<Field>(*value);
    return true;
  }
}

std::string deterrence_text(const parameters& p) {
  const auto n = [](std::uint64_t x) { return to_decimal(x); };
  return "deterrence gate: V = margin * p * (1 - b^3) * S must reach value_cap_floor = " +
         to_text(p.value_cap_floor) +
         " at minimum stake; margin = " + n(p.deterrence_margin_permille) +
         "/1000, p = " + n(p.audit_rate_ppm) + "/1000000, b = " + n(p.assumed_corrupt_permille) +
         "/1000, S = " + to_text(unrecoverable_slash(p, p.minimum_stake, p.minimum_stake)) +
         " give V = " + to_text(value_cap(p, p.minimum_stake));
}

std::string fund_text(const parameters& p) {
  const auto n = [](std::uint64_t x) { return to_decimal(x); };
  return "audit-fund gate: fee_audit_permille must reach p * (checkers * (1 + canaries) + "
         "escalation) * fee * margin; p = " +
         n(p.audit_rate_ppm) + "/1000000, checkers = " + n(p.checkers) +
         ", canaries = " + n(p.canary_share_permille) +
         "/1000, escalation = " + n(p.expected_escalation_millichecks) +
         "/1000, fee = " + n(p.checker_fee_permille) +
         "/1000, margin = " + n(p.audit_fund_margin_permille) + "/1000 (at least 1) need " +
         n(audit_permille_needed(p)) + ", set are " + n(p.fee_audit_permille);
}

}  // namespace

bool fixed_by_genesis(std::string_view name) {
  constexpr std::string_view rows[] = {
    "checkers",           "unbonding_ms",       "epoch_ms",          "leaf_deadline_ms",
    "emission_start_unix", "echo_best_entries", "heavy_committee_max", "fast_committee_max",
    "checkpoint_blocks",  "fast_dead_heavy_blocks", "committee_term_ms", "snapshot_blocks"};
  return name.starts_with("heavy.") || name.starts_with("fast.") ||
         std::find(std::begin(rows), std::end(rows), name) != std::end(rows);
}

parameters default_preset() { return {}; }

parameters whitepaper_preset() {
  parameters p;
  p.mode = audit_mode::whitepaper;
  p.audit_rate_ppm = 10'000;
  p.audit_rate_floor_ppm = 0;
  p.canary_share_permille = 0;
  p.expected_escalation_millichecks = 0;
  p.appeal_window_ms = 0;
  p.probation_jobs = 0;
  p.probation_payers = 0;
  p.probation_units = 0;
  p.fee_validator_permille = 1'000;
  p.fee_audit_permille = 0;
  p.fee_burn_permille = 0;
  p.transaction_fee = {};
  p.reward_cap = false;
  p.echo_fanout_max = 0;
  p.echo_degrade_permille = 0;
  p.echo_hysteresis_permille = 0;
  p.vote_quorum_permille = 0;
  return p;
}

parameters dev_preset() {
  parameters p;
  p.audit_rate_ppm = 200'000;
  p.audit_rate_floor_ppm = 0;
  p.audit_fund_margin_permille = 1'050;
  p.commit_window_ms = 5 * second_ms;
  p.reveal_window_ms = 2 * second_ms;
  p.open_deadline_ms = 5 * second_ms;
  p.audit_grace_ms = 10 * second_ms;
  p.last_stage_window_ms = 5 * second_ms;
  p.appeal_window_ms = 3 * second_ms;
  p.absent_bar_ms = 10 * second_ms;
  p.dissent_bar_ms = 30 * second_ms;
  p.probation_jobs = 2;
  p.probation_payers = 1;
  p.probation_units = 1;
  p.unbonding_ms = 30 * second_ms;
  p.epoch_ms = 10 * second_ms;
  p.leaf_deadline_ms = 10 * second_ms;
  p.delivery_window_ms = 5 * second_ms;
  p.maturity_target_ms = 10 * second_ms;
  p.fee_validator_permille = 280;
  p.fee_audit_permille = 700;
  p.fee_burn_permille = 20;
  p.emission_start_unix = 0;
  p.echo_fanout_max = 0;
  p.echo_period_ms = 60 * second_ms;
  p.echo_window_ms = 5 * second_ms;
  p.vote_open_lock = dg(1'000);
  p.vote_length_ms = 20 * second_ms;
  p.vote_start_min_ms = 1 * second_ms;
  p.vote_start_max_ms = 60 * second_ms;
  p.checkpoint_blocks = 1;
  p.committee_term_ms = 30 * second_ms;
  return p;
}

std::optional<parameters> preset_by_name(std::string_view name) {
  if (name == "whitepaper")
    return whitepaper_preset();
  if (name == "default")
    return default_preset();
  if (name == "dev")
    return dev_preset();
  return std::nullopt;
}

std::string explain(const parameters& p, parameter_check reason) {
  switch (reason) {
    case parameter_check::ok:
      return "accepted";
    case parameter_check::fee_split:
      return "fee_validator_permille + fee_audit_permille + fee_burn_permille must be 1000, are " +
             to_decimal(uint128{p.fee_validator_permille} + p.fee_audit_permille +
                        p.fee_burn_permille);
    case parameter_check::audit_rate:
      return "audit_rate_ppm must be in 1..1000000 and at least audit_rate_floor_ppm = " +
             to_decimal(p.audit_rate_floor_ppm) + ", is " + to_decimal(p.audit_rate_ppm);
    case parameter_check::audit_committee:
      return "checkers must be 3, refills_max at most 2, escalation_committee at most 100, "
             "escalation_quorum more than two thirds of it and at most all of it";
    case parameter_check::slash_order:
      return "slash_wrong_check_permille <= slash_wrong_result_permille <= "
             "slash_withheld_permille and slash_equivocated_permille <= 1000 must hold, wrong "
             "result above 0";
    case parameter_check::corrupt_share:
      return "assumed_corrupt_permille must be below 1000, deterrence_margin_permille in 1..1000";
    case parameter_check::deterrence_gate:
      return deterrence_text(p);
    case parameter_check::audit_fund_gate:
      return fund_text(p);
    case parameter_check::window:
      return "every window must be above 0 and below a century; hardened mode needs an "
             "appeal_window_ms";
    case parameter_check::unbonding:
      return "unbonding_ms must be at least leaf_deadline_ms + audit_grace_ms + "
             "appeal_window_ms = " +
             to_decimal(uint128{p.leaf_deadline_ms} + p.audit_grace_ms + p.appeal_window_ms) +
             ", is " + to_decimal(p.unbonding_ms);
    case parameter_check::share:
      return "shares are at most 1000 permille; user share and payer share are above 0";
    case parameter_check::echo:
      return "echo_sample must be above 0 and at most echo_fanout_max where that is set";
    case parameter_check::market:
      return "market_band_permille must be below 1000, market_step_permille in 1..band, "
             "market_operators_min above 0";
    case parameter_check::vote:
      return "0 < vote_join_lock <= vote_open_lock and vote_start_min_ms <= vote_start_max_ms <= "
             "366 days must hold";
    case parameter_check::chain:
      return "committees must allow 4 authors; checkpoint_blocks and fast_dead_heavy_blocks must "
             "be above 0; snapshot_blocks must be a multiple of " +
             to_decimal(certificate_interval) + ", whose blocks are certified";
    case parameter_check::pacing:
      return "an engine needs wave_rounds >= 4, leader_slots >= 1, gc_depth_rounds >= 10 * "
             "wave_rounds, retain_commits >= 1, min_round_delay_ms <= wait_all_ms <= idle_ms";
    case parameter_check::amount_range:
      return "no amount may exceed the supply, 30000000 DG";
    case parameter_check::term:
      return "committee_term_ms must hold 4 * wave_rounds * idle_ms of both engines and be more "
             "than a " +
             to_decimal(answerable_committees_max - 1) +
             "th of unbonding_ms; author_minimum_stake must be above 0";
  }
  return "unknown reason";
}

std::vector<parameter_row> parameter_rows(const parameters& p) {
  std::vector<parameter_row> rows;
  visit_parameters(
    p, [&rows](const char* name, const auto& field, const char* unit, const char* meaning) {
      rows.push_back({name, value_text(field), unit, meaning});
    });
  return rows;
}

assign_check assign(parameters& p, std::string_view name, std::string_view text) {
  auto result = assign_check::unknown_name;
  visit_parameters(p, [&](const char* row, auto& field, const char*, const char*) {
    if (name != row)
      return;
    auto value = field;
    result = read_value(value, text) ? assign_check::ok : assign_check::bad_value;
    if (result == assign_check::ok)
      field = value;
  });
  return result;
}

}  // namespace datagen::protocol
