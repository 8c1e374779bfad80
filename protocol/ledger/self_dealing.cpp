#include "protocol/ledger/self_dealing.hpp"

#include "protocol/ledger/rewards.hpp"

namespace datagen::protocol::ledger {

namespace {

/// ceil(units · price / 1000), as a ticket prices its units.
amount price_of_units(std::uint64_t units, std::uint64_t price_nano) {
  return {(uint128{units} * price_nano + 999) / 1'000 * units_per_nano_dg};
}

matured_work add(const parameters& p, matured_work work, std::uint64_t units, amount price,
                 bool same_operator) {
  if (units > 0) {
    work.units += units;
    work.claims.push_back({units, reward_cap_of(p, price, units, same_operator)});
  }
  return work;
}

}  // namespace

self_dealing_result judge(const parameters& p, const self_dealing& x) {
  self_dealing_result result;
  result.own_units = static_cast<std::uint64_t>(mul_div(x.units_total, x.share_permille, 1'000));
  invariant(x.honest_units <= x.units_total - result.own_units, "all units are in the total");
  result.spent = price_of_units(result.own_units, x.price_nano);
  const auto audits = share(result.spent, p.fee_audit_permille);
  result.earned = result.spent - audits - share(result.spent, p.fee_burn_permille);
  // At worst every seat of every audit of its jobs is its own; the fund never pays out more than
  // these jobs put in, since its owner would otherwise gain without any job of its own.
  result.checked =
    min(audits, share(result.spent, static_cast<std::uint32_t>(check_cost_permille(p))));
  const auto honest = add(p, {}, x.honest_units,
                          price_of_units(x.honest_units, x.honest_price_nano), false);
  const auto both = add(p, honest, result.own_units, result.spent, x.one_name);
  const auto without = reward_of(p, x.pool, honest, x.units_total - result.own_units);
  const auto with = reward_of(p, x.pool, both, x.units_total);
  result.rewarded = with > without ? with - without : amount{};
  return result;
}

}  // namespace datagen::protocol::ledger
