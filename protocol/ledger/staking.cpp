#include "protocol/ledger/staking.hpp"

#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/disputes.hpp"
#include "protocol/ledger/market.hpp"
#include "protocol/ledger/sessions.hpp"
#include "protocol/ledger/slash.hpp"
#include "protocol/ledger/succession.hpp"

namespace datagen::protocol::ledger {

namespace {

validator_record& edit(block_scope& b, validator_id id) { return b.now.validators.edit().at(id); }

/// Has `id` an open audit, of its own or as a checker?
bool is_busy(const state& now, validator_id id) {
  for (const auto& [key, audit] : *now.audits) {
    if (audit.validator() == id)
      return true;
    for (const auto& stage : audit.stages)
      for (const auto& seat : stage.seats)
        if (seat.checker == id)
          return true;
  }
  return false;
}

void start_unbonding(block_scope& b, validator_id id) {
  edit(b, id).release_ms = b.live_ms() + b.params().unbonding_ms;
  announce_change(b, id);
  unpair_everywhere(b, id);
}

ruling<staking_check> active_sender(const state& now, const account_id& sender) {
  const auto id = validator_of(now, sender);
  if (!id)
    return {staking_check::not_a_validator, "the sender has not joined as a validator"};
  if (!now.validators->at(*id).active())
    return {staking_check::not_active,
            "validator " + std::to_string(id->value) + " is not active"};
  return {};
}

}  // namespace

ruling<staking_check> check(const rulebook&, const state& now, const account_id& sender,
                            const tx::join& x) {
  if (x.stake < now.params().minimum_stake)
    return {staking_check::below_minimum, "stake " + to_text(x.stake) + " is below the minimum " +
                                            to_text(now.params().minimum_stake)};
  if (const auto free = spendable(now, sender); x.stake > free)
    return {staking_check::insufficient_funds,
            "stake " + to_text(x.stake) + " exceeds the free balance less the fee, " +
              to_text(free)};
  if (const auto id = validator_of(now, sender))
    return {staking_check::already_registered,
            "the sender is validator " + std::to_string(id->value) + " already"};
  if (x.name.size() > validator_name_max)
    return {staking_check::bad_name, "a name of " + std::to_string(x.name.size()) +
                                       " characters exceeds " + std::to_string(validator_name_max)};
  if (x.ask == 0)
    return {staking_check::no_ask, "an ask of 0 is no price"};
  if (const auto range = range_of(now); !range.contains(x.ask))
    return {staking_check::out_of_range, outside_text("an ask of", x.ask, range)};
  if (now.validators->size() >= validators_max)
    return {staking_check::registry_full, "the registry holds " + std::to_string(validators_max) +
                                            " validators and is full"};
  return {};
}

ruling<staking_check> check(const rulebook&, const state& now, const account_id& sender,
                            const tx::set_ask& x) {
  if (auto refused = active_sender(now, sender); !refused.ok())
    return refused;
  if (x.ask == 0)
    return {staking_check::no_ask, "an ask of 0 is no price"};
  if (const auto range = range_of(now); !range.contains(x.ask))
    return {staking_check::out_of_range, outside_text("an ask of", x.ask, range)};
  return {};
}

ruling<staking_check> check(const rulebook&, const state& now, const account_id& sender,
                            const tx::add_stake& x) {
  const auto id = validator_of(now, sender);
  if (!id)
    return {staking_check::not_a_validator, "the sender has not joined as a validator"};
  if (const auto& record = now.validators->at(*id); record.leaving || record.expelled)
    return {staking_check::not_active,
            "validator " + std::to_string(id->value) + " is leaving or expelled"};
  if (x.value == amount{})
    return {staking_check::no_value, "0 DG add nothing"};
  if (const auto free = spendable(now, sender); x.value > free)
    return {staking_check::insufficient_funds,
            "stake " + to_text(x.value) + " exceeds the free balance less the fee, " +
              to_text(free)};
  return {};
}

void apply(block_scope& b, const account_id& sender, const tx::add_stake& x) {
  debit(b, sender, x.value);
  const auto id = validator_of(b.now, sender).value();
  edit(b, id).stake += x.value;
  announce_change(b, id);
}

ruling<staking_check> check(const rulebook&, const state& now, const account_id& sender,
                            const tx::leave&) {
  return active_sender(now, sender);
}

void apply(block_scope& b, const account_id& sender, const tx::join& x) {
  debit(b, sender, x.stake);
  const validator_id id{static_cast<std::uint32_t>(b.now.validators->size())};
  b.now.validators.edit()[id] = {.key = sender, .operator_id = x.operator_id, .name = x.name,
                                 .ask = x.ask, .stake = x.stake};
  if (b.params().probation_jobs > 0)
    b.now.validators.edit().at(id).probation.emplace();
  b.announce(happened::validator_admitted{id, sender, x.operator_id, x.stake, x.ask, x.name});
}

void apply(block_scope& b, const account_id& sender, const tx::set_ask& x) {
  const auto id = validator_of(b.now, sender).value();
  edit(b, id).ask = x.ask;
  announce_change(b, id);
}

void apply(block_scope& b, const account_id& sender, const tx::leave&) {
  const auto id = validator_of(b.now, sender).value();
  edit(b, id).leaving = true;
  start_unbonding(b, id);
}

std::optional<validator_id> validator_of(const state& now, const public_key& key) {
  for (const auto& [id, record] : *now.validators)
    if (record.key == key)
      return id;
  return std::nullopt;
}

amount take_slash(block_scope& b, validator_id id, std::uint32_t permille) {
  return take_share(b, edit(b, id), permille);
}

void return_slash(block_scope& b, validator_id id, amount value) {
  auto& record = edit(b, id);
  record.stake += value;
  record.slashed -= value;
}

void pledge_stake(block_scope& b, validator_id id, amount value) {
  if (value == amount{})
    return;
  edit(b, id).stake -= value;
  announce_change(b, id);
}

void return_pledge(block_scope& b, validator_id id, amount value) { edit(b, id).stake += value; }

void freeze(block_scope& b, validator_id id) {
  ++edit(b, id).freezes;
  announce_change(b, id);
}

void unfreeze(block_scope& b, validator_id id) {
  --edit(b, id).freezes;
  announce_change(b, id);
}

void expel_if_poor(block_scope& b, validator_id id) {
  const auto& record = b.now.validators->at(id);
  if (record.expelled || record.leaving || record.stake >= b.params().minimum_stake)
    return;
  edit(b, id).expelled = true;
  start_unbonding(b, id);
}

void release_stakes(block_scope& b) {
  std::vector<validator_id> due;
  for (const auto& [id, record] : *b.now.validators)
    if ((record.leaving || record.expelled) && record.stake > amount{} && record.freezes == 0 &&
        record.release_ms <= b.live_ms() && !is_busy(b.now, id) && !has_open_dispute(b.now, id) &&
        !answers(b.now.committees->fast, id.value))
      due.push_back(id);
  for (const auto id : due) {
    auto& record = edit(b, id);
    const auto stake = std::exchange(record.stake, amount{});
    credit(b, record.key, stake);
    announce_change(b, id);
  }
}

void announce_change(block_scope& b, validator_id id) {
  const auto& record = b.now.validators->at(id);
  b.announce(happened::validator_changed{id, record.standing(), record.stake, record.ask});
}

}  // namespace datagen::protocol::ledger
