// The long run over 10^6 jobs a cell is `audit_odds_main.cpp`; its record lies beside it.
#include "tests/protocol/audit/audit_odds.hpp"

using namespace audit_odds;

TEST_CASE("R28 deterrence: convictions of a cheat meet the closed form in every cell") {
  for (const auto& x : all_cells()) {
    const auto seen = bench(x, 1).run(10'000);
    const auto chance = x.cheat_ppm / 1e6 * x.rate_ppm / 1e6 * conviction_chance(x);
    CHECK_MESSAGE(deviations(seen.convicted, seen.jobs, chance) < deviations_max, x.rate_ppm, " ppm, ",
                  x.corrupt_permille, " permille corrupt, cheats ", x.cheat_ppm, " ppm");
    CHECK(seen.wrongly_convicted == 0);
    CHECK(seen.lost == amount{dg(340).units * seen.convicted});
  }
}

TEST_CASE("R28 deterrence: the closed forms, by hand for small cases") {
  CHECK(conviction_chance({audit_mode::whitepaper, 0, 0, 0}) == doctest::Approx(1));
  CHECK(conviction_chance({audit_mode::hardened, 0, 0, 0}) == doctest::Approx(1));
  // b = 1/3 with replacement: 1 - b^3 - 3 b^2 (1-b) - 3 b (1-b)^2 b = 0.5926 in whitepaper mode.
  CHECK(conviction_chance({audit_mode::whitepaper, 0, 333, 0}) == doctest::Approx(0.59).epsilon(0.02));
  // hardened: about 1 - b^3, less the rare capture of an escalation.
  CHECK(conviction_chance({audit_mode::hardened, 0, 330, 0}) == doctest::Approx(0.957).epsilon(0.005));
  CHECK(hypergeometric(4, 2, 2, 1) == doctest::Approx(2.0 / 3));
}

TEST_CASE("R28 deterrence: under the default table a cheat at the value cap loses on average") {
  const auto p = default_preset();
  const cell x{audit_mode::hardened, p.audit_rate_ppm, p.assumed_corrupt_permille, 1'000'000};
  const auto gain = static_cast<double>(value_cap(p, p.minimum_stake).units);
  const auto loss = static_cast<double>(dg(340).units) * p.audit_rate_ppm / 1e6 * conviction_chance(x);
  CHECK(gain < loss);
}

TEST_CASE("R21 at p = 1 % three checkers cost 3 % of useful work, escalation apart") {
  const auto seen = bench({audit_mode::whitepaper, 10'000, 0, 0}, 2).run(100'000);
  const auto share = 100.0 * static_cast<double>(seen.first_checks) / static_cast<double>(seen.jobs);
  CHECK(share == doctest::Approx(3.0).epsilon(0.13));  // four deviations of 100,000 jobs
  CHECK(seen.first_checks == 3 * seen.audits);
  CHECK(seen.later_checks == 0);
}
