#pragma once
// Every constant of the protocol, one row each (protocol.md section 8). A genesis carries one value
// of `parameters`; a vote replaces it at a height, if `check` accepts the replacement.
// Names: the noun first, the unit last; `_permille` is thousandths, `_ppm` millionths, amounts
// are 10^-18 DG. What a row means is written once, beside its name, in `param_fields.hpp`.

#include "protocol/codec.hpp"

namespace datagen::protocol {

/// Which verdict table decides an audit (protocol.md section 3).
enum class audit_mode : std::uint8_t {
  whitepaper = 0,  ///< Three checkers, a fifth validator on parity (L263-267).
  hardened = 1,    ///< Anything but agreement escalates.
};
constexpr audit_mode max_value(audit_mode) { return audit_mode::hardened; }
const char* to_string(audit_mode mode);

inline constexpr std::uint64_t second_ms = 1'000;
inline constexpr std::uint64_t minute_ms = 60 * second_ms;
inline constexpr std::uint64_t hour_ms = 60 * minute_ms;
inline constexpr std::uint64_t day_ms = 24 * hour_ms;

/// Blocks at these heights are certified even when nothing happened in them, at the next vertex and
/// without hurry: whoever is behind needs a certificate every now and then (consensus.md 2.15).
inline constexpr std::uint32_t certificate_interval = 32;

/// Shape and pace of one chain's consensus engine (consensus.md section 2.17).
struct engine_pacing {
  std::uint32_t wave_rounds = 5;
  std::uint32_t leader_slots = 2;
  std::uint64_t min_round_delay_ms = 50;
  std::uint64_t wait_all_ms = 150;
  std::uint64_t idle_ms = 1'000;
  std::uint32_t gc_depth_rounds = 60;
  std::uint32_t retain_commits = 10'000;
  friend bool operator==(const engine_pacing&, const engine_pacing&) = default;
};
/// Leader slots per round with `authors` authors: one where there are only four, since one
/// undecided slot blocks all later output (consensus.md section 1).
std::uint32_t leader_slots_for(const engine_pacing& pacing, std::uint32_t authors);

/// The values below are the preset `default`.
struct parameters {
  std::uint32_t revision = 1;

  // Audit: draw, checkers, windows (sections 2 and 3).
  audit_mode mode = audit_mode::hardened;
  std::uint32_t audit_rate_ppm = 20'000;
  std::uint32_t audit_rate_floor_ppm = 10'000;
  std::uint32_t checkers = 3;
  std::uint32_t refills_max = 2;
  std::uint32_t escalation_committee = 9;
  std::uint32_t escalation_quorum = 7;
  std::uint32_t canary_share_permille = 50;
  std::uint64_t commit_window_ms = minute_ms;
  std::uint64_t reveal_window_ms = minute_ms;
  std::uint64_t open_deadline_ms = 10 * minute_ms;
  std::uint64_t audit_grace_ms = 24 * hour_ms;
  std::uint64_t last_stage_window_ms = hour_ms;
  std::uint64_t appeal_window_ms = 6 * hour_ms;
  std::uint64_t absent_bar_ms = hour_ms;
  std::uint64_t dissent_bar_ms = 24 * hour_ms;
  std::uint32_t kernel_undetermined_max = 3;

  // Deterrence and what an audit costs (section 4).
  std::uint32_t assumed_corrupt_permille = 300;
  std::uint32_t deterrence_margin_permille = 800;
  amount value_cap_floor = dg(1);
  std::uint32_t value_cap_user_share_permille = 250;
  std::uint32_t audit_fund_margin_permille = 1'250;
  std::uint32_t expected_escalation_millichecks = 100;
  std::uint32_t checker_fee_permille = 1'000;
  amount checker_fee_max = dg(5);
  amount bounty = dg(15);
  amount refund_max = dg(5);
  amount opening_fee = {units_per_dg / 1'000};
  amount unopened_fine = dg(1);
  amount appeal_bond = dg(50);
  amount user_bond = dg(5);

  // Probation (section 4).
  std::uint32_t probation_jobs = 20;
  std::uint32_t probation_payers = 3;
  std::uint64_t probation_units = 1'000;

  // Stake and slash (section 4).
  amount minimum_stake = dg(1'000);
  std::uint32_t slash_wrong_result_permille = 340;
  std::uint32_t slash_withheld_permille = 340;
  std::uint32_t slash_equivocated_permille = 340;
  std::uint32_t slash_wrong_check_permille = 50;
  std::uint64_t unbonding_ms = 7 * day_ms;
  std::uint32_t kernel_payable_stake_permille = 500;

  // Time (section 2).
  std::uint64_t epoch_ms = 6 * hour_ms;
  std::uint64_t leaf_deadline_ms = hour_ms;
  std::uint64_t delivery_window_ms = hour_ms;
  std::uint64_t maturity_target_ms = 10 * minute_ms;

  // Fee split, reward, emission (section 4).
  std::uint32_t fee_validator_permille = 880;
  std::uint32_t fee_audit_permille = 100;
  std::uint32_t fee_burn_permille = 20;
  amount transaction_fee = {units_per_dg / 10'000};
  bool reward_cap = true;
  amount reward_floor_per_unit = {units_per_dg / 1'000'000};
  std::uint64_t emission_start_unix = 1'711'922'400;

  // Echo and pairing (section 2, steps 2 and 3).
  std::uint32_t echo_fanout_max = 256;
  std::uint32_t echo_sample = 64;
  std::uint32_t echo_best_entries = 8;
  std::uint64_t echo_period_ms = 28 * day_ms;
  std::uint32_t echo_degrade_permille = 2'000;
  std::uint32_t echo_hysteresis_permille = 100;
  amount echo_cost_per_validator = {units_per_dg / 1'000};
  amount echo_deposit = dg(1);

  // Market (section 4).
  std::uint32_t market_band_permille = 250;
  std::uint32_t market_step_permille = 100;
  std::uint32_t market_payer_share_permille = 100;
  std::uint32_t market_operators_min = 3;

  // Burn vote (section 4).
  amount vote_open_lock = dg(100'000);
  amount vote_join_lock = dg(20);
  std::uint32_t vote_quorum_permille = 100;
  std::uint64_t vote_length_ms = 30 * day_ms;
  std::uint64_t vote_start_min_ms = 3 * day_ms;
  std::uint64_t vote_start_max_ms = 60 * day_ms;

  // Chains (section 5, consensus.md sections 2.13 and 2.17).
  std::uint32_t heavy_committee_max = 16;
  std::uint32_t fast_committee_max = 16;
  std::uint32_t checkpoint_blocks = 10;
  std::uint32_t snapshot_blocks = 512;
  std::uint32_t fast_dead_heavy_blocks = 600;
  engine_pacing heavy;
  engine_pacing fast = {.wave_rounds = 4,
                        .min_round_delay_ms = 10,
                        .wait_all_ms = 50,
                        .idle_ms = 500,
                        .retain_commits = 2'000};
  std::uint64_t committee_term_ms = 6 * hour_ms;
  amount author_minimum_stake = dg(5'000);
  std::uint64_t echo_window_ms = 10 * minute_ms;

  friend bool operator==(const parameters&, const parameters&) = default;
};

void describe(encoder& ar, parameters& x);
void describe(decoder& ar, parameters& x);

parameters default_preset();
parameters whitepaper_preset();  ///< What the whitepaper says, where it says anything.
parameters dev_preset();         ///< Short windows and many audits, for a chain on one desk.
/// "whitepaper", "default" or "dev".
std::optional<parameters> preset_by_name(std::string_view name);

/// Why a parameter table is refused; the first failing rule wins.
enum class [[nodiscard]] parameter_check : std::uint8_t{
  ok = 0,
  fee_split = 1,        ///< Section 4, fee: the three parts sum to 1000 permille.
  audit_rate = 2,       ///< Section 8: floor <= rate, 0 < rate <= 1,000,000 ppm.
  audit_committee = 3,  ///< Section 3: three checkers, at most two refills, quorum > 2/3.
  slash_order = 4,      ///< Section 4: no way of dodging an audit is cheaper than failing it.
  corrupt_share = 5,    ///< Section 4: b below 1000 permille, margin in 1..1000.
  deterrence_gate = 6,  ///< Section 4: V at minimum stake reaches `value_cap_floor`.
  audit_fund_gate = 7,  ///< Section 4, fee: audits are paid for (hardened mode).
  window = 8,           ///< Section 7.10: every wait has a deadline.
  unbonding = 9,        ///< Section 4: stake outlives leaf deadline, grace and appeal.
  share = 10,           ///< A share is at most 1000 permille.
  echo = 11,            ///< Section 2, step 2: a sample is no larger than the full fan-out.
  market = 12,          ///< Section 4: band below 100 %, 0 < step <= band.
  vote = 13,            ///< Section 4: locks, length and start window are ordered.
  chain = 14,           ///< Section 5: committees of at least 4, checkpoints at least 1 apart.
  pacing = 15,          ///< Consensus.md 2.10 and 2.17: w >= 4, gc depth >= 10 w, delays ordered.
  amount_range = 16,    ///< Section 4: no amount exceeds the supply of 30,000,000 DG.
  term = 17,            ///< Consensus.md 2.13: a term is many rounds, and evidence spans few terms.
};
constexpr parameter_check max_value(parameter_check) { return parameter_check::term; }
/// Committees of one chain that can be answerable for what they signed at one time: the serving one
/// and those that left office within the unbonding period.
inline constexpr std::uint64_t answerable_committees_max = 64;

/// Checks `p` as a whole, with integers only.
parameter_check check(const parameters& p);
/// One sentence with formula and numbers for `reason`, as a refused change prints it.
std::string explain(const parameters& p, parameter_check reason);

/// What one offence takes: `permille` of the highest stake held within the unbonding period, at
/// most what is left (section 4, slash).
amount slash_amount(amount highest_stake, amount stake_left, std::uint32_t permille);

/// S: the part of a wrong-result slash that no friend of the convict can get back, since refund,
/// bounty and every seat's fee at their caps are taken off (section 4).
amount unrecoverable_slash(const parameters& p, amount highest_stake, amount stake_left);

/// V = floor(margin · p · (1 - b^3) · S): the largest unmatured value a validator may carry
/// (section 4, deterrence gate). One floor, taken last.
amount value_cap(const parameters& p, amount highest_stake, amount stake_left);
inline amount value_cap(const parameters& p, amount stake) { return value_cap(p, stake, stake); }
/// The part of V that one user may fill.
amount value_cap_per_user(const parameters& p, amount cap);

/// What checks cost of each price on average, in permille, rounded up:
/// ceil(p · (checkers · (1 + canary share) + escalation) · fee).
std::uint64_t check_cost_permille(const parameters& p);
/// The smallest `fee_audit_permille` that pays for audits:
/// ceil(p · (checkers · (1 + canary share) + escalation) · fee · margin).
std::uint64_t audit_permille_needed(const parameters& p);

/// One line of `inspect params`.
struct parameter_row {
  std::string name;
  std::string value;  ///< As in TOML and JSON: integers, booleans, names; amounts in 10^-18 DG.
  std::string unit;
  std::string meaning;
};
std::vector<parameter_row> parameter_rows(const parameters& p);

enum class [[nodiscard]] assign_check : std::uint8_t{
  ok = 0,
  unknown_name = 1,  ///< No row of that name.
  bad_value = 2,     ///< Not a value of the row's type, or out of its range.
};
/// Sets row `name` from text: integers in decimal, `true`/`false`, a mode's name; an amount as
/// "12.5 DG" or as a plain count of 10^-18 DG. Leaves `p` alone unless `ok`.
assign_check assign(parameters& p, std::string_view name, std::string_view text);
/// Rows that no vote changes: epochs and committees are counted by them from genesis on, or roles
/// other than the Heavy Chain's authors read them from genesis.
bool fixed_by_genesis(std::string_view name);

}  // namespace datagen::protocol
