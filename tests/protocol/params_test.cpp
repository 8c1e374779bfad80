#include "protocol/params.hpp"

#include "protocol/crypto/hash.hpp"

using namespace datagen::protocol;

namespace {
const std::vector<std::string> preset_names = {"whitepaper", "default", "dev"};
}

TEST_CASE("params: every preset passes every check") {
  for (const auto& name : preset_names) {
    const auto p = preset_by_name(name);
    REQUIRE(p);
    CHECK_MESSAGE(check(*p) == parameter_check::ok, name, ": ", explain(*p, check(*p)));
  }
  CHECK_FALSE(preset_by_name("defaults"));
}

TEST_CASE("params: a table survives the codec, and one changed row changes its bytes") {
  for (const auto& name : preset_names) {
    const auto p = *preset_by_name(name);
    CHECK(decode<parameters>(encode(p)) == p);
    for (const auto& row : parameter_rows(p)) {
      auto q = p;
      const auto other = row.value == "true"         ? "false"
                         : row.value == "false"      ? "true"
                         : row.value == "hardened"   ? "whitepaper"
                         : row.value == "whitepaper" ? "hardened"
                         : row.value == "7"          ? "8"
                                                     : "7";
      REQUIRE(assign(q, row.name, other) == assign_check::ok);
      CHECK_MESSAGE(encode(q) != encode(p), row.name);
    }
  }
}

TEST_CASE("params: rows have unique names, units and meanings, and end in their unit") {
  std::set<std::string> names;
  for (const auto& row : parameter_rows(default_preset())) {
    CHECK(names.insert(row.name).second);
    CHECK_FALSE(row.unit.empty());
    CHECK_FALSE(row.meaning.empty());
    for (const std::string unit : {"ms", "permille", "ppm"})
      CHECK_MESSAGE(row.name.ends_with("_" + unit) == (row.unit == unit), row.name);
  }
  CHECK(names.size() == parameter_rows(default_preset()).size());
}

TEST_CASE("params: a row reads back what it prints, and refuses what does not fit") {
  auto p = default_preset();
  for (const auto& row : parameter_rows(p))
    CHECK(assign(p, row.name, row.value) == assign_check::ok);
  CHECK(p == default_preset());
  CHECK(assign(p, "minimum_stake", "12.5 DG") == assign_check::ok);
  CHECK(to_text(p.minimum_stake) == "12.5 DG");
  const auto before = p;
  CHECK(assign(p, "checkers", "4294967296") == assign_check::bad_value);
  CHECK(assign(p, "checkers", "-1") == assign_check::bad_value);
  CHECK(assign(p, "reward_cap", "yes") == assign_check::bad_value);
  CHECK(assign(p, "audit_mode", "strict") == assign_check::bad_value);
  CHECK(assign(p, "minimum_stake", "1e3 DG") == assign_check::bad_value);
  CHECK(assign(p, "audit_rate", "1") == assign_check::unknown_name);
  CHECK(p == before);
}

TEST_CASE("params: each rule refuses its own violation, in order") {
  struct violation {
    parameter_check expected;
    std::vector<std::pair<std::string, std::string>> rows;
  };
  using enum parameter_check;
  const std::vector<violation> violations = {
    {amount_range, {{"bounty", "340282366920938463463374607431768211455"}}},
    {amount_range, {{"minimum_stake", "30000001 DG"}}},
    {fee_split, {{"fee_burn_permille", "21"}}},
    {audit_rate, {{"audit_rate_ppm", "0"}, {"audit_rate_floor_ppm", "0"}}},
    {audit_rate, {{"audit_rate_ppm", "9999"}}},
    {audit_rate, {{"audit_rate_ppm", "1000001"}}},
    {audit_committee, {{"checkers", "4"}}},
    {audit_committee, {{"refills_max", "3"}}},
    {audit_committee, {{"escalation_quorum", "6"}}},
    {audit_committee, {{"escalation_quorum", "10"}}},
    {slash_order, {{"slash_withheld_permille", "339"}}},
    {slash_order, {{"slash_equivocated_permille", "339"}}},
    {slash_order, {{"slash_wrong_check_permille", "341"}}},
    {slash_order, {{"slash_withheld_permille", "1001"}}},
    {corrupt_share, {{"assumed_corrupt_permille", "1000"}}},
    {corrupt_share, {{"deterrence_margin_permille", "1001"}}},
    {deterrence_gate, {{"assumed_corrupt_permille", "999"}}},
    {deterrence_gate, {{"minimum_stake", "200 DG"}}},
    {deterrence_gate, {{"bounty", "300 DG"}}},
    {deterrence_gate, {{"value_cap_floor", "0"}}},
    {share, {{"canary_share_permille", "1001"}}},
    {share, {{"value_cap_user_share_permille", "0"}}},
    {audit_fund_gate, {{"audit_rate_ppm", "30000"}}},
    {audit_fund_gate, {{"audit_fund_margin_permille", "999"}}},
    {window, {{"audit_grace_ms", "0"}}},
    {window, {{"appeal_window_ms", "0"}}},
    {window, {{"epoch_ms", "18446744073709551615"}}},
    {unbonding, {{"unbonding_ms", "111599999"}}},
    {echo, {{"echo_sample", "257"}}},
    {market, {{"market_step_permille", "251"}}},
    {market, {{"market_band_permille", "1000"}}},
    {vote, {{"vote_join_lock", "100001 DG"}}},
    {vote, {{"vote_start_min_ms", "5184000001"}}},
    {chain, {{"checkpoint_blocks", "0"}}},
    {chain, {{"snapshot_blocks", "0"}}},
    {chain, {{"snapshot_blocks", "500"}}},  // 32 does not divide it
    {chain, {{"heavy_committee_max", "3"}}},
    {pacing, {{"fast.wave_rounds", "3"}}},
    {pacing, {{"heavy.gc_depth_rounds", "49"}}},
    {pacing, {{"heavy.wave_rounds", "4294967295"}}},
    {pacing, {{"heavy.wait_all_ms", "49"}}},
    {window, {{"committee_term_ms", "0"}}},
    {term, {{"committee_term_ms", "19999"}}},
    {term, {{"committee_term_ms", "9600000"}}},  // a 63rd of seven days is 9,600,000 ms
    {term, {{"author_minimum_stake", "0"}}},
  };
  std::set<parameter_check> seen;
  for (const auto& [expected, rows] : violations) {
    auto p = default_preset();
    for (const auto& [name, value] : rows)
      REQUIRE(assign(p, name, value) == assign_check::ok);
    CHECK_MESSAGE(check(p) == expected, rows[0].first, " = ", rows[0].second);
    CHECK_FALSE(explain(p, check(p)).empty());
    seen.insert(expected);
  }
  CHECK(seen.size() == static_cast<std::size_t>(max_value(parameter_check{})));
  auto edge = default_preset();
  edge.unbonding_ms = 111'600'000;
  CHECK(check(edge) == parameter_check::ok);
}

TEST_CASE("R28 params: random tables are judged and explained, never fatal") {
  std::mt19937_64 random{5};
  const auto rows = parameter_rows(default_preset());
  for (int i = 0; i < 3'000; ++i) {
    auto p = default_preset();
    for (int k = 0; k < 3; ++k) {
      const auto value = random() >> (random() % 64);
      (void)assign(p, rows[random() % rows.size()].name, to_decimal(value));
    }
    CHECK_FALSE(explain(p, check(p)).empty());
  }
}
