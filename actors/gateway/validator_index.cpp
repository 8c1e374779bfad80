#include "actors/gateway/validator_index.hpp"

#include <algorithm>

namespace datagen::web {

using namespace protocol;
namespace happened = ledger::happened;

const char* to_string(happened::standing x) {
  switch (x) {
    case happened::standing::active: return "active";
    case happened::standing::frozen: return "frozen";
    case happened::standing::leaving: return "leaving";
    case happened::standing::expelled: return "expelled";
  }
  return "unknown";
}

validator_entry* validator_index::known(validator_id id) {
  const auto it = validators_.find(id);
  return it == validators_.end() ? nullptr : &it->second;
}

const validator_entry* validator_index::find(validator_id id) const {
  const auto it = validators_.find(id);
  return it == validators_.end() ? nullptr : &it->second;
}

std::size_t validator_index::active() const {
  return static_cast<std::size_t>(
    std::count_if(validators_.begin(), validators_.end(), [](const auto& x) {
      return x.second.now == happened::standing::active;
    }));
}

void validator_index::on(const happened::validator_admitted& x) {
  auto& it = validators_[x.validator];
  it.key = x.key;
  it.operator_id = x.operator_id;
  it.name = x.name;
  it.stake = x.stake;
  it.ask = x.ask;
}

void validator_index::on(const happened::validator_changed& x) {
  if (auto* it = known(x.validator)) {
    it->now = x.now;
    it->stake = x.stake;
    it->ask = x.ask;
  }
}

void validator_index::on(const happened::paired& x) {
  if (x.round_trip_us != 0)
    timed(x.validator, x.round_trip_us);
}

void validator_index::timed(validator_id id, std::uint64_t round_trip_us) {
  if (auto* it = known(id))
    it->round_trip_us = round_trip_us;
}

void validator_index::on(const happened::digest_revealed& x) {
  const auto id = from_decimal(x.who);
  if (!id)
    return;
  if (auto* it = known({static_cast<std::uint32_t>(*id)})) {
    ++it->checks_done;
    it->checks.push_front({x.job, x.attempt, x.result, {}});
    if (it->checks.size() > recent_max_)
      it->checks.pop_back();
  }
}

void validator_index::on(const happened::audit_settled& x) {
  if (!x.final)
    return;
  if (auto* it = known(x.validator)) {
    it->audits_passed += x.outcome == "pass" ? 1 : 0;
    it->audits_failed += x.outcome == "fault" ? 1 : 0;
  }
  for (auto& [id, validator] : validators_)
    for (auto& check : validator.checks)
      if (check.job == x.job && check.attempt == x.attempt)
        check.outcome = x.outcome;
}

void validator_index::on(const happened::slashed& x) {
  auto* it = known(x.validator);
  if (!it)
    return;
  if (!x.pending)
    it->slashed += x.taken;
  it->slashes.push_front({x.taken, x.reason, x.pending, height_});
  if (it->slashes.size() > recent_max_)
    it->slashes.pop_back();
}

void validator_index::on(const happened::claim_paid& x) {
  if (auto* it = known(x.validator)) {
    ++it->claims_paid;
    it->units_matured += x.units;
    it->earned += x.to_validator;
  }
}

void validator_index::on(const happened::rewarded& x) {
  if (auto* it = known(x.validator))
    it->rewards += x.paid;
}

void validator_index::take(std::uint64_t height, const ledger::event& what) {
  height_ = height;
  std::visit([this](const auto& x) { on(x); }, what);
}

void validator_index::take(const fast::event& what) {
  if (const auto* x = std::get_if<fast::happened::leaf_ordered>(&what))
    if (auto* it = known(x->content.validator()))
      ++it->jobs_ordered;
}

}  // namespace datagen::web
