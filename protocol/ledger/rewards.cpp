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
            amount burned) {
  auto& work = b.now.treasury.edit().matured[validator];
  work.units += units;
  work.cap += burned;
  if (!same_operator(b.now, validator, payer))
    work.cap += amount{mul_div(b.params().reward_floor_per_unit.units, units, 1)};
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
  treasury.reward_pool += released;
  b.announce(happened::emitted{day, released});
}

amount reward_of(const parameters& p, amount pool, const matured_work& work, uint128 units_total) {
  if (units_total == 0)
    return {};
  const amount part{mul_div(pool.units, work.units, units_total)};
  return p.reward_cap ? min(part, work.cap) : part;
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
