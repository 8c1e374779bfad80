// The two gates of protocol.md section 4, and the presets as files.
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include "protocol/params.hpp"
#include "tests/support/places.hpp"

using namespace datagen::protocol;

TEST_CASE("R28 params: V is floor(0.8 p (1 - b^3) S) to the last unit") {
  auto p = default_preset();
  // By hand: S = 340 - 5 - 15 - 12 * 5 = 260 DG; V = 0.8 * 0.02 * 0.973 * 260 = 4.04768 DG.
  CHECK(to_text(unrecoverable_slash(p, dg(1'000), dg(1'000))) == "260 DG");
  CHECK(to_text(value_cap(p, dg(1'000))) == "4.04768 DG");
  CHECK(to_text(value_cap_per_user(p, value_cap(p, dg(1'000)))) == "1.01192 DG");
  // S = 340 - 5 - 15 - 4 * 5 = 300 DG in whitepaper mode: four seats are paid at most.
  CHECK(to_text(value_cap(whitepaper_preset(), dg(1'000))) == "2.3352 DG");
  CHECK(value_cap(p, dg(100)) == amount{});
  // One unit of S is worth 0.015568 units of V: floored once, at the end.
  const amount base{dg(1'000).units};
  CHECK(value_cap(p, {base.units + 100}).units == value_cap(p, base).units);
  CHECK(value_cap(p, {base.units + 1'000}).units == value_cap(p, base).units + 5);
}

TEST_CASE("R27 params: a slash is a share of the highest stake and at most what is left") {
  CHECK(slash_amount(dg(1'000), dg(1'000), 340) == dg(340));
  CHECK(slash_amount(dg(1'000), dg(660), 340) == dg(340));
  CHECK(slash_amount(dg(1'000), dg(320), 340) == dg(320));  // the third offence takes all
  CHECK(slash_amount({999}, {999}, 340) == amount{339});
  // V follows what is left to take, not what once was there.
  const auto p = default_preset();
  CHECK(value_cap(p, dg(1'000), dg(320)) < value_cap(p, dg(1'000), dg(340)));
  CHECK(value_cap(p, dg(1'000), dg(340)) == value_cap(p, dg(1'000)));
}

TEST_CASE("R28 params: cheating with the largest allowed value loses on average") {
  for (const auto& name : {"whitepaper", "default", "dev"}) {
    const auto p = *preset_by_name(name);
    for (std::uint64_t stake = 1'000; stake <= 10'000'000; stake *= 10) {
      const auto gain = value_cap(p, dg(stake)).units;
      const auto s = unrecoverable_slash(p, dg(stake), dg(stake)).units;
      const uint128 b = p.assumed_corrupt_permille;
      // gain < p * d * S, multiplied out: 10^6 * 10^9 * gain < rate * (10^9 - b^3) * S.
      const uint128 million = 1'000'000, milliard = 1'000'000'000;
      CHECK(mul_div(gain, million * milliard, s) < p.audit_rate_ppm * (milliard - b * b * b));
    }
  }
}

TEST_CASE("R21 params: the audit fee is the expected checks times rate and margin, rounded up") {
  auto p = default_preset();
  // 20/1000 * (3 * 1.05 + 0.1) * 1.25 = 81.25 permille.
  CHECK(audit_permille_needed(p) == 82);
  // 200/1000 * 3.25 * 1.05 = 682.5 permille.
  CHECK(audit_permille_needed(dev_preset()) == 683);
  p.audit_rate_ppm = 10'000, p.canary_share_permille = 0, p.expected_escalation_millichecks = 0;
  p.audit_fund_margin_permille = 1'000;
  CHECK(audit_permille_needed(p) == 30);  // L274: 1 % of jobs with three checkers cost 3 %
  p.fee_audit_permille = 30, p.fee_validator_permille = 950;
  CHECK(check(p) == parameter_check::ok);
  p.fee_audit_permille = 29, p.fee_validator_permille = 951;
  CHECK(check(p) == parameter_check::audit_fund_gate);
  CHECK(explain(p, check(p)).find("need 30, set are 29") != std::string::npos);
}

namespace {
/// Rows of a TOML table as texts, nested tables with a dotted prefix.
void collect(const toml::table& table, const std::string& prefix,
             std::map<std::string, std::string>& rows) {
  for (const auto& [key, node] : table) {
    const auto name = prefix + std::string{key.str()};
    if (const auto* inner = node.as_table())
      collect(*inner, name + ".", rows);
    else if (const auto number = node.value_exact<std::int64_t>())
      rows[name] = std::to_string(*number);
    else if (const auto flag = node.value_exact<bool>())
      rows[name] = *flag ? "true" : "false";
    else
      rows[name] = node.value_or(std::string{"?"});
  }
}
}  // namespace

TEST_CASE("params: the preset files state exactly the rows of the code") {
  for (const std::string name : {"whitepaper", "default", "dev"}) {
    std::map<std::string, std::string> rows;
    collect(toml::parse_file(datagen::source_path("config/" + name + ".toml")), "", rows);
    parameters p;
    p.revision = 0;
    for (const auto& row : parameter_rows(p)) {
      REQUIRE_MESSAGE(rows.count(row.name) == 1, name, " lacks ", row.name);
      REQUIRE_MESSAGE(assign(p, row.name, rows[row.name]) == assign_check::ok, row.name);
    }
    CHECK_MESSAGE(p == *preset_by_name(name), name);
    CHECK(rows.size() == parameter_rows(p).size());
  }
}
