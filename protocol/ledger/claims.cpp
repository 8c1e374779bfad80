#include "protocol/ledger/claims.hpp"

#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/rewards.hpp"
#include "protocol/ledger/sessions.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

namespace {

std::uint64_t at_most(uint128 value, std::uint64_t limit) {
  return static_cast<std::uint64_t>(std::min<uint128>(value, limit));
}

deduction find(const std::map<claim_owner, deduction>& all, const claim_owner& who) {
  const auto found = all.find(who);
  return found == all.end() ? deduction{} : found->second;
}

/// Has an audit decided over every leaf of a newcomer's claim?
bool is_proved(const epoch_record& epoch, const tx::claim& x) {
  const claim_owner who{x.validator, x.session};
  const auto proved = find(epoch.proved, who), lost = find(epoch.deductions, who);
  return proved.price + lost.price >= x.price && proved.units + lost.units >= x.units;
}

}  // namespace

ruling<claim_check> check(const rulebook&, const state& now, const tx::claim& x) {
  const auto found = now.checkpoints->epochs.find(x.epoch);
  if (found == now.checkpoints->epochs.end())
    return {claim_check::unknown_epoch, "no claim epoch " + std::to_string(x.epoch)};
  const auto& epoch = found->second;
  if (!epoch.settled_ms)
    return {claim_check::not_settled,
            epoch.closes ? std::to_string(epoch.checkpoints_open) +
                             " checkpoints of the epoch wait for draws, openings or audits"
                         : "the epoch is not closed"};
  if (epoch.claimed.contains({x.validator, x.session}))
    return {claim_check::already_claimed, "this claim is paid"};
  const auto* session = find_session(now, x.session);
  if (session == nullptr)
    return {claim_check::unknown_session, "no session " + std::to_string(x.session.value)};
  const auto* validator = find_validator(now, x.validator);
  if (validator == nullptr)
    return {claim_check::unknown_validator, "no validator " + std::to_string(x.validator.value)};
  if (validator->freezes > 0)
    return {claim_check::frozen,
            "validator " + std::to_string(x.validator.value) + " is frozen by a pending slash"};
  if (now.disputes->canaries.contains(x.validator))
    return {claim_check::canary_open, "validator " + std::to_string(x.validator.value) +
                                        " has canaries to reveal"};
  const auto leaf = sum_leaf(tx::claim_key(x.validator, x.session), x.price, x.units);
  if (!sum_verify(epoch.closes->totals, leaf, x.index, epoch.closes->entries, x.path))
    return {claim_check::bad_path, "the totals are not those of the epoch"};
  if (must_prove(*validator, x.epoch) && !is_proved(epoch, x))
    return {claim_check::unproved, "a newcomer is paid when every leaf of the claim is audited"};
  const auto lane = session->lanes.find(x.validator);
  const auto left = lane == session->lanes.end() ? amount{} : lane->second.left();
  if (const auto price = from_nano(x.price); price > left)
    return {claim_check::lane_exhausted,
            "price " + to_text(price) + " exceeds the lane's " + to_text(left)};
  return {};
}

void apply(block_scope& b, const tx::claim& x) {
  auto& epoch = b.now.checkpoints.edit().epochs.at(x.epoch);
  epoch.claimed.insert({x.validator, x.session});
  const auto lost = find(epoch.deductions, {x.validator, x.session});
  const auto gross = from_nano(x.price);
  const auto back = from_nano(at_most(lost.price, x.price));
  const auto units = x.units - at_most(lost.units, x.units);
  const auto net = gross - back;

  auto& session = b.now.sessions.edit().all.at(x.session);
  session.lanes.at(x.validator).settled += gross;
  session.paid += net;
  const auto user = session.user;
  refund(b, x.session, back);

  const auto to_audit_fund = share(net, b.params().fee_audit_permille);
  const auto burned = share(net, b.params().fee_burn_permille);
  const auto to_validator = net - to_audit_fund - burned;  // and what rounding leaves
  auto& treasury = b.now.treasury.edit();
  treasury.audit_fund += to_audit_fund;
  treasury.burned += burned;
  auto& validator = b.now.validators.edit().at(x.validator);
  credit(b, validator.key, to_validator);
  ++validator.claims_paid;
  validator.units_matured += units;
  validator.earned += to_validator;
  mature(b, x.validator, user, units, net);
  b.announce(happened::claim_paid{x.validator, x.session, x.epoch, to_validator, to_audit_fund,
                                  burned, units});
}

void prove(block_scope& b, std::uint64_t epoch, const leaf& x) {
  if (!b.now.checkpoints->epochs.contains(epoch))  // its claims are over
    return;
  auto& entry = b.now.checkpoints.edit().epochs.at(epoch).proved[{x.validator(), x.session}];
  entry.price += x.fee;
  entry.units += x.units;
}

void deduct(block_scope& b, std::uint64_t epoch, const leaf& x) {
  if (!b.now.checkpoints->epochs.contains(epoch))
    return;
  auto& entry = b.now.checkpoints.edit().epochs.at(epoch).deductions[{x.validator(), x.session}];
  entry.price += x.fee;
  entry.units += x.units;
}

void undo_deduction(block_scope& b, std::uint64_t epoch, const leaf& x) {
  auto& epochs = b.now.checkpoints.edit().epochs;
  const auto found = epochs.find(epoch);
  if (found == epochs.end())
    return;
  auto& entry = found->second.deductions.at({x.validator(), x.session});
  entry.price -= x.fee;
  entry.units -= x.units;
}

}  // namespace datagen::protocol::ledger
