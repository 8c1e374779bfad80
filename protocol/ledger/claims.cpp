#include "protocol/ledger/claims.hpp"

#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/market.hpp"
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

/// Has an audit decided over every leaf of a newcomer's entry?
bool is_proved(const epoch_record& epoch, const claim_owner& who, const tx::claim_entry& x) {
  const auto proved = find(epoch.proved, who), lost = find(epoch.deductions, who);
  return proved.price + lost.price >= x.price && proved.units + lost.units >= x.units;
}

ruling<claim_check> check_epoch(const state& now, const epoch_record& epoch) {
  if (!epoch.settled_ms)
    return {claim_check::not_settled,
            epoch.closes ? std::to_string(epoch.checkpoints_open) +
                             " checkpoints of the epoch wait for draws or openings"
                         : "the epoch is not closed"};
  if (const auto from = *epoch.settled_ms + fraud_window_ms(now.params());
      now.clock->live_ms < from)
    return {claim_check::open_to_proofs, "the epoch is open to fraud proofs until " +
                                           std::to_string(from) + " ms of live time"};
  return {};
}

ruling<claim_check> check_owner(const state& now, validator_id id, std::uint64_t epoch) {
  const auto name = "validator " + std::to_string(id.value);
  const auto* validator = find_validator(now, id);
  if (validator == nullptr)
    return {claim_check::unknown_validator, "no " + name};
  if (validator->freezes > 0)
    return {claim_check::frozen, name + " is frozen by a pending slash"};
  if (now.disputes->canaries.contains(id))
    return {claim_check::canary_open, name + " has canaries to reveal"};
  if (awaits_audit(now, id, epoch))
    return {claim_check::audit_open, "an audit of " + name + " is open from this epoch or before"};
  return {};
}

bool leads_to_totals(const tx::closed_epoch& closed, const tx::claim& x) {
  std::vector<sum_node> leaves;
  for (const auto& entry : x.entries)
    leaves.push_back(sum_leaf_of(x.validator, entry));
  return sum_verify(closed.totals, leaves, x.first, closed.entries, x.path);
}

/// May entry `at` of `x` be paid now? @pre the rules about `x` as a whole hold
ruling<claim_check> check_entry(const state& now, const tx::claim& x, std::uint32_t at) {
  const auto& entry = x.entries[at];
  const auto index = x.first + at;
  const claim_owner who{x.validator, entry.session};
  const auto& epoch = now.checkpoints->epochs.at(x.epoch);
  if (epoch.claimed.contains(who))
    return {claim_check::already_claimed, "this claim is paid"};
  const auto* session = find_session(now, entry.session);
  if (session == nullptr)
    return {claim_check::unknown_session, "no session " + std::to_string(entry.session.value)};
  for (const auto& [key, asked] : now.disputes->deliveries)
    if (asked.epoch == x.epoch && key.second == x.validator && asked.content.session == entry.session)
      return {claim_check::delivery_open, "a delivery of this session is asked for"};
  if (epoch.void_entries.contains(index))
    return {claim_check::voided, "a job of entry " + std::to_string(index) + " was never shown"};
  const auto asked = now.disputes->counts.lower_bound({x.epoch, index, 0});
  if (asked != now.disputes->counts.end() && asked->first.epoch == x.epoch &&
      asked->first.entry == index)
    return {claim_check::count_open, "a job of entry " + std::to_string(index) + " is asked for"};
  if (must_prove(now.validators->at(x.validator), x.epoch) && !is_proved(epoch, who, entry))
    return {claim_check::unproved, "a newcomer is paid when every leaf of the claim is audited"};
  const auto lane = session->lanes.find(x.validator);
  const auto left = lane == session->lanes.end() ? amount{} : lane->second.left();
  if (const auto price = from_nano(entry.price); price > left)
    return {claim_check::lane_exhausted,
            "price " + to_text(price) + " exceeds the lane's " + to_text(left)};
  return {};
}

void pay(block_scope& b, const tx::claim& x, const tx::claim_entry& entry) {
  auto& epoch = b.now.checkpoints.edit().epochs.at(x.epoch);
  epoch.claimed.insert({x.validator, entry.session});
  const auto lost = find(epoch.deductions, {x.validator, entry.session});
  const auto gross = from_nano(entry.price);
  const auto back = from_nano(at_most(lost.price, entry.price));
  const auto units = entry.units - at_most(lost.units, entry.units);
  const auto net = gross - back;

  auto& session = b.now.sessions.edit().all.at(entry.session);
  session.lanes.at(x.validator).settled += gross;
  session.paid += net;
  const auto payer = session.payer;
  refund(b, entry.session, back);
  if (net > amount{})
    return_deposit(b, entry.session);

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
  mature(b, x.validator, payer, units, net);
  note_fill(b, payer, x.validator, entry.price - at_most(lost.price, entry.price), units);
  b.announce(happened::claim_paid{x.validator, entry.session, x.epoch, to_validator, to_audit_fund,
                                  burned, units});
}

}  // namespace

ruling<claim_check> check(const rulebook&, const state& now, const tx::claim& x) {
  if (x.entries.empty() || x.entries.size() > tx::claim_entries_max)
    return {claim_check::too_many_entries, std::to_string(x.entries.size()) +
                                             " entries: a claim has 1 to " +
                                             std::to_string(tx::claim_entries_max)};
  const auto found = now.checkpoints->epochs.find(x.epoch);
  if (found == now.checkpoints->epochs.end())
    return {claim_check::unknown_epoch, "no claim epoch " + std::to_string(x.epoch)};
  if (auto refused = check_epoch(now, found->second); !refused.ok())
    return refused;
  if (auto refused = check_owner(now, x.validator, x.epoch); !refused.ok())
    return refused;
  if (!leads_to_totals(*found->second.closes, x))
    return {claim_check::bad_path, "the entries are not those of the epoch's totals"};
  auto first = check_entry(now, x, 0);
  for (std::uint32_t i = 1; i < x.entries.size() && !first.ok(); ++i)
    if (check_entry(now, x, i).ok())
      return {};
  return first;
}

void apply(block_scope& b, const tx::claim& x) {
  for (std::uint32_t i = 0; i < x.entries.size(); ++i)
    if (check_entry(b.now, x, i).ok())
      pay(b, x, x.entries[i]);
}

bool awaits_audit(const state& now, validator_id validator, std::uint64_t epoch) {
  return std::any_of(now.audits->begin(), now.audits->end(), [&](const auto& x) {
    return x.second.validator() == validator && x.second.epoch <= epoch;
  });
}

std::uint64_t fraud_window_ms(const parameters& p) { return p.epoch_ms; }

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
  auto& record = b.now.checkpoints.edit().epochs.at(epoch);
  if (record.unpaid[key_of(x)]++ > 0)
    return;
  auto& entry = record.deductions[{x.validator(), x.session}];
  entry.price += x.fee;
  entry.units += x.units;
}

void undo_deduction(block_scope& b, std::uint64_t epoch, const leaf& x) {
  auto& epochs = b.now.checkpoints.edit().epochs;
  const auto found = epochs.find(epoch);
  if (found == epochs.end() || --found->second.unpaid.at(key_of(x)) > 0)
    return;
  found->second.unpaid.erase(key_of(x));
  auto& entry = found->second.deductions.at({x.validator(), x.session});
  entry.price -= x.fee;
  entry.units -= x.units;
}

}  // namespace datagen::protocol::ledger
