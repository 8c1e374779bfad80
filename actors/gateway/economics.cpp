// Money over time: what the reserve releases (R30), and where a job's price goes.

#include "actors/gateway/views.hpp"

#include "protocol/ledger/emission.hpp"

namespace datagen::web {

using namespace protocol;

namespace {

json::object emission_json(const emission_state& x, std::uint64_t start_unix) {
  const auto at = start_unix + (x.day == 0 ? 0 : x.day - 1) * seconds_per_day;
  return {{"day", x.day},
          {"at_ms", at * 1'000},
          {"released", form(x.released)},
          {"remaining", form(x.remaining)},
          {"rate", form(x.rate)}};
}

/// The corners of the curve: between two of them every day releases the same.
json::array corners(std::uint64_t start_unix) {
  json::array result;
  for (std::uint64_t k = 0; k <= emission_halvings; ++k)
    result.push_back(emission_json(emission_after(k * emission_halving_days), start_unix));
  for (const auto day : {emission_last_day - 1, emission_last_day})
    result.push_back(emission_json(emission_after(day), start_unix));
  return result;
}

}  // namespace

json::object economics_json(const genesis& origin, const parameters& rules, std::uint64_t chain_ms) {
  const auto start_unix = emission_start(rules.emission_start_unix, origin.time_ms);
  const auto today = emission_after(emission_day_at(chain_ms / 1'000, start_unix));
  return {{"emission", {{"today", emission_json(today, start_unix)},
                        {"corners", corners(start_unix)},
                        {"total", form(emission_total)}}},
          {"fee", {{"validator_permille", rules.fee_validator_permille},
                   {"audit_permille", rules.fee_audit_permille},
                   {"burn_permille", rules.fee_burn_permille},
                   {"transaction", form(rules.transaction_fee)}}}};
}

}  // namespace datagen::web
