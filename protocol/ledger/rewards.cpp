#include "protocol/ledger/rewards.hpp"

#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/emission.hpp"
#include "protocol/ledger/staking.hpp"

namespace datagen::protocol::ledger {

namespace {

/// Work that an operator sends to itself earns no floor (section 4, reward).
bool same_operator(const state& now, validator_id validator, const account_id& payer) {
  const auto other = validator_of(now, payer);
  const auto& all = *now.validators;
  return other && all.at(*other).operator_id == all.at(validator).operator_id;
}

}  // namespace

void mature(block_scope& b, validator_id validator, const account_id& payer, std::uint64_t units,
            amount price) {
  if (units == 0)
    return;
  auto& work = b.now.treasury.edit().matured[validator];
  work.units += units;
  work.claims.push_back(
    {units, reward_cap_of(b.params(), price, units, same_operator(b.now, validator, payer))});
}

amount reward_cap_of(const parameters& p, amount price, std::uint64_t units, bool same_operator) {
  const auto burned = share(price, p.fee_burn_permille);
  if (same_operator)
    return burned;
  // Of the audit part a payer may see again what its friends earn as checkers, and no more.
  const auto kept = share(price, p.fee_audit_permille);
  const auto checks = share(price, static_cast<std::uint32_t>(check_cost_permille(p)));
  const auto lost = kept > checks ? kept - checks : amount{};
  return burned + min(amount{mul_div(p.reward_floor_per_unit.units, units, 1)}, lost);
}

void emit(block_scope& b) {
  const auto day =
    emission_day_at(b.now.clock->timestamp_ms / second_ms, b.rules.emission_start_unix);
  const auto known = b.now.treasury->emission_day;
  if (day <= known)
    return;
  const auto released = emission_released(day) - emission_released(known);
  auto& treasury = b.now.treasury.edit();
  treasury.emission_day = day;
  treasury.unreleased -= released;
  // What a burn vote burns is floored, so that the pool gets what rounding leaves.
  const amount burned{mul_div(released.units, b.now.governance->split.burn_percent, 100)};
  treasury.reward_pool += released - burned;
  treasury.burned += burned;
  b.announce(happened::emitted{day, released});
  if (burned > amount{})
    b.announce(happened::emission_burned{day, burned});
}

amount reward_of(const parameters& p, amount pool, const matured_work& work, uint128 units_total) {
  if (units_total == 0)
    return {};
  if (!p.reward_cap)
    return {mul_div(pool.units, work.units, units_total)};
  amount sum;
  for (const auto& claim : work.claims)
    sum += min(amount{mul_div(pool.units, claim.units, units_total)}, claim.cap);
  return sum;
}

void pay_rewards(block_scope& b) {
  const auto epoch = b.live_ms() / b.params().epoch_ms;
  if (epoch <= b.now.treasury->reward_epoch)
    return;
  auto& treasury = b.now.treasury.edit();
  const auto over = std::exchange(treasury.reward_epoch, epoch);
  const auto matured = std::exchange(treasury.matured, {});
  uint128 units_total = 0;
  for (const auto& [id, work] : matured)
    units_total += work.units;
  const auto pool = treasury.reward_pool;
  for (const auto& [id, work] : matured) {
    const auto paid = reward_of(b.params(), pool, work, units_total);
    auto& record = b.now.validators.edit().at(id);
    treasury.reward_pool -= paid;
    record.rewards += paid;
    credit(b, record.key, paid);
    b.announce(happened::rewarded{id, over, static_cast<std::uint64_t>(work.units), paid});
  }
}

}  // namespace datagen::protocol::ledger
