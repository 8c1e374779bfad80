// `audit_odds [JOBS]`: deterrence against the closed forms, over 10^6 jobs a cell with fixed seeds,
// and what audits cost, always over 10^6. Prints a table; exits 1 where a cell lies outside its
// interval.
#include "tests/protocol/audit/audit_odds.hpp"

#include <cstdio>
#include <cstdlib>

using namespace audit_odds;

namespace {

bool print_cost() {
  const auto seen = bench({audit_mode::whitepaper, 10'000, 0, 0}, 2).run(1'000'000);
  const auto share = 100.0 * static_cast<double>(seen.first_checks) / static_cast<double>(seen.jobs);
  std::printf("audit cost at p = 1 %%: %llu checks for %llu jobs = %.4f %% (aim 3.0 +- 0.1)\n\n",
              static_cast<unsigned long long>(seen.first_checks),
              static_cast<unsigned long long>(seen.jobs), share);
  return std::abs(share - 3.0) <= 0.1;
}

bool print_cell(const cell& x, std::uint64_t jobs, std::uint64_t seed) {
  const auto seen = bench(x, seed).run(jobs);
  const auto d = conviction_chance(x);
  const auto chance = x.cheat_ppm / 1e6 * x.rate_ppm / 1e6 * d;
  const auto off = deviations(seen.convicted, seen.jobs, chance);
  const bool inside = off < deviations_max && seen.wrongly_convicted == 0;
  std::printf("%-11s %5.1f %6.1f %6.1f  %8.5f %10.1f %9llu %6.2f  %12.1f %8.4f%s\n",
              to_string(x.mode), x.rate_ppm / 1e4, x.corrupt_permille / 10.0, x.cheat_ppm / 1e4, d,
              chance * static_cast<double>(jobs), static_cast<unsigned long long>(seen.convicted),
              off, static_cast<double>(seen.lost.units / units_per_dg) * 1e3 /
                     static_cast<double>(jobs),
              100.0 * static_cast<double>(seen.later_checks) / static_cast<double>(seen.jobs),
              inside ? "" : "  OUTSIDE");
  return inside;
}

}  // namespace

int main(int count, char** arguments) {
  const std::uint64_t jobs = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 1'000'000;
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  bool ok = print_cost();
  std::printf("mode         p %%  corr. %% cheat %%  d        expected   convicted  off   "
              "DG/1000 jobs later %%\n");
  std::uint64_t seed = 100;
  for (const auto& x : all_cells())
    ok = print_cell(x, jobs, seed++) && ok;
  std::printf("\n%s\n", ok ? "all cells inside 3.78 deviations (1 % over 64 cells)" : "FAILED");
  return ok ? 0 : 1;
}
