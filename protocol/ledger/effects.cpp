#include "protocol/ledger/effects.hpp"

#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/checkpoints.hpp"
#include "protocol/ledger/claims.hpp"
#include "protocol/ledger/kernel_doubts.hpp"
#include "protocol/ledger/sessions.hpp"
#include "protocol/ledger/staking.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

namespace {

constexpr std::uint32_t bar_doublings_max = 10;

audit_record& edit(block_scope& b, const audit_key& key) { return b.now.audits.edit().at(key); }

const char* name_of(offence x) {
  constexpr const char* names[] = {"none", "wrong_result", "withheld", "equivocated"};
  return names[static_cast<std::size_t>(x)];
}

std::uint32_t permille_of(const parameters& p, offence x) {
  return x == offence::withheld      ? p.slash_withheld_permille
         : x == offence::equivocated ? p.slash_equivocated_permille
                                     : p.slash_wrong_result_permille;
}

/// Purses that pay an audit, in the order in which they are asked.
struct purses {
  std::vector<amount*> all;
  /// Takes `wanted`, or what there is.
  amount take(amount wanted) {
    amount got;
    for (auto* purse : all) {
      const auto part = min(wanted - got, *purse);
      *purse -= part;
      got += part;
    }
    return got;
  }
};

/// An effect is money that moved: what took nothing is none.
void tell(audit_record& audit, std::string who, const char* what, amount value) {
  if (value > amount{})
    audit.effects.push_back({std::move(who), what, value});
}

/// Whoever has nothing left is convicted like anyone else, but not slashed again.
void announce_slash(block_scope& b, validator_id id, amount taken, const char* reason,
                    bool pending) {
  if (taken > amount{})
    b.announce(happened::slashed{id, taken, b.now.validators->at(id).stake, reason, pending});
}

void announce_settled(block_scope& b, const audit_record& audit, bool final) {
  b.announce(happened::audit_settled{audit.content().job, audit.content().attempt(),
                                     audit.validator(), to_string(audit.ruling.outcome),
                                     to_string(audit.ruling.rule), audit.pays, final});
}

std::vector<std::string> payers_of(const audit_record& audit) {
  std::vector<std::string> result;
  if (audit.ruling.validator_offence != offence::none)
    result.push_back("P");
  if (audit.user_pays)
    result.push_back("U");
  for (const auto id : audit.losers)
    result.push_back(std::to_string(id.value));
  return result;
}

amount punish_losers(block_scope& b, audit_record& audit) {
  amount sum;
  for (const auto id : audit.losers) {
    const auto taken = punish_wrong_check(b, id);
    sum += taken;
    tell(audit, std::to_string(id.value), "wrong_check", taken);
    expel_if_poor(b, id);
  }
  return sum;
}

void pay(block_scope& b, audit_record& audit, validator_id id, const char* what, amount value) {
  credit(b, b.now.validators->at(id).key, value);
  tell(audit, std::to_string(id.value), what, value);
}

/// Checkers that answered and were not proved wrong.
std::vector<validator_id> right_side(const audit_record& audit) {
  std::vector<validator_id> result;
  for (const auto& stage : audit.stages)
    for (const auto& x : stage.seats)
      if (x.answer && !x.refuted && !audit.losers.contains(x.checker))
        result.push_back(x.checker);
  return result;
}

void pay_fees(block_scope& b, audit_record& audit, purses from) {
  const auto fee = check_fee(b.params(), audit.content());
  for (const auto id : right_side(audit)) {
    ++b.now.validators.edit().at(id).checks_done;
    pay(b, audit, id, "fee", from.take(fee));
  }
}

/// Rule d: the user's bond goes to the audit fund; in a void audit it pays the checkers first.
amount take_bond(block_scope& b, audit_record& audit) {
  if (!audit.user_pays)
    return {};
  const auto bond = forfeit_bond(b, audit.content().session);
  tell(audit, "U", "bond", bond);
  return bond;
}

/// Moves the record to the finished ones.
void archive(block_scope& b, const audit_key& key) {
  auto& record = edit(b, key);
  record.settled = true;
  announce_settled(b, record, true);
  auto& history = b.now.history.edit();
  history.entries.emplace(history.next++, record);
  if (history.entries.size() > audit_history_max)
    history.entries.erase(history.entries.begin()->first);
  b.now.audits.edit().erase(key);
}

/// Counts a passed audit of a newcomer: its work is proved, and at last its probation over.
void count_probation(block_scope& b, const audit_record& audit) {
  const auto id = audit.validator();
  const auto& known = b.now.validators->at(id);
  if (audit.payable && must_prove(known, audit.epoch))
    prove(b, audit.epoch, audit.content());
  if (!known.probation)
    return;
  auto& record = b.now.validators.edit().at(id);
  auto& so_far = *record.probation;
  ++so_far.jobs;
  so_far.units += audit.content().units;
  if (so_far.payers.size() < b.params().probation_payers)
    so_far.payers.insert(b.now.sessions->all.at(audit.content().session).payer);
  record.proved_through = std::max(record.proved_through, audit.epoch + 1);
  if (so_far.jobs >= b.params().probation_jobs && so_far.units >= b.params().probation_units &&
      so_far.payers.size() >= b.params().probation_payers)
    record.probation.reset();
}

/// Two contradicting receipts are one offence, whether rule c or whoever holds both shows them first.
amount take_once(block_scope& b, const audit_record& audit, offence what) {
  const auto key = key_of(audit.content());
  if (what == offence::equivocated && b.now.disputes->convicted.contains(key))
    return {};
  const auto taken = take_slash(b, audit.validator(), permille_of(b.params(), what));
  if (what == offence::equivocated && taken > amount{})
    b.now.disputes.edit().convicted.insert(key);
  return taken;
}

/// A slash becomes pending: the job earns nothing, its validator is frozen until the appeal ends.
void convict(block_scope& b, audit_record& audit) {
  const auto what = audit.ruling.validator_offence;
  const auto id = audit.validator();
  audit.convicted = true;
  audit.slash = take_once(b, audit, what);
  audit.appeal_until_ms = b.live_ms() + b.params().appeal_window_ms;
  ++b.now.validators.edit().at(id).audits_failed;
  if (audit.payable)
    deduct(b, audit.epoch, audit.content());
  announce_slash(b, id, audit.slash, name_of(what), true);
  freeze(b, id);
  announce_settled(b, audit, false);
  close_audit_of(b, audit.checkpoint);
}

/// Ends an audit that convicts nobody but checkers and users.
void settle(block_scope& b, const audit_key& key) {
  auto& audit = edit(b, key);
  const auto outcome = audit.ruling.outcome;
  auto lost = punish_losers(b, audit);
  auto bond = take_bond(b, audit);
  auto& fund = b.now.treasury.edit().audit_fund;
  if (outcome == audit_outcome::void_audit)
    pay_fees(b, audit, {{&bond}});
  else
    pay_fees(b, audit, {{&lost, &fund}});
  fund += bond;
  b.now.treasury.edit().burned += lost;
  if (outcome == audit_outcome::pass && !audit.canary) {
    ++b.now.validators.edit().at(audit.validator()).audits_passed;
    count_probation(b, audit);
  }
  if (outcome == audit_outcome::undetermined)
    doubt_kernel(b, audit);
  archive(b, key);
}

/// The last stage did not confirm the conviction: the slash returns.
void acquit(block_scope& b, const audit_key& key) {
  auto& audit = edit(b, key);
  const auto id = audit.validator();
  const auto outcome = audit.ruling.outcome;
  const bool proved_right = outcome == audit_outcome::pass || outcome == audit_outcome::canary;
  audit.convicted = false;
  return_slash(b, id, std::exchange(audit.slash, amount{}));
  --b.now.validators.edit().at(id).audits_failed;
  const auto bond = std::exchange(audit.appeal_bond, amount{});
  if (proved_right) {
    if (audit.payable && !audit.canary)
      undo_deduction(b, audit.epoch, audit.content());
    return_pledge(b, id, audit.bond_of_stake);
    credit(b, b.now.validators->at(id).key, bond - audit.bond_of_stake);
  } else {
    b.now.treasury.edit().audit_fund += bond;
  }
  unfreeze(b, id);
  settle(b, key);
}

}  // namespace

void conclude(block_scope& b, const audit_key& key) {
  auto& audit = edit(b, key);
  if (audit.ruling.outcome == audit_outcome::canary)
    audit.user_pays = false;  // it said so beforehand
  audit.pays = payers_of(audit);
  if (audit.convicted)  // the appeal was heard
    return audit.ruling.outcome == audit_outcome::fault ? finish(b, key) : acquit(b, key);
  if (audit.ruling.outcome == audit_outcome::fault)
    return convict(b, audit);
  if (audit.payable && (audit.ruling.outcome != audit_outcome::pass || audit.canary))
    deduct(b, audit.epoch, audit.content());
  close_audit_of(b, audit.checkpoint);
  settle(b, key);
}

void finish(block_scope& b, const audit_key& key) {
  auto& audit = edit(b, key);
  const auto id = audit.validator();
  audit.convicted = false;
  auto slash = audit.slash;
  auto lost = punish_losers(b, audit);
  auto appeal_bond = std::exchange(audit.appeal_bond, amount{});
  purses from{{&lost, &appeal_bond, &slash}};
  pay_fees(b, audit, from);
  const auto right = right_side(audit);
  const amount bounty{right.empty() ? 0 : b.params().bounty.units / right.size()};
  purses convict_pays{{&slash}};
  for (const auto checker : right)
    pay(b, audit, checker, "bounty", convict_pays.take(bounty));
  const auto refunded =
    convict_pays.take(min(b.params().refund_max, from_nano(audit.content().fee)));
  credit(b, b.now.sessions->all.at(audit.content().session).payer, refunded);
  tell(audit, "U", "refund", refunded);
  tell(audit, "P", name_of(audit.ruling.validator_offence), audit.slash);
  auto& treasury = b.now.treasury.edit();
  treasury.audit_fund += appeal_bond + take_bond(b, audit);
  treasury.burned += slash + lost;
  announce_slash(b, id, audit.slash, name_of(audit.ruling.validator_offence), false);
  unfreeze(b, id);
  expel_if_poor(b, id);
  archive(b, key);
}

amount check_fee(const parameters& p, const leaf& x) {
  return min(share(from_nano(x.fee), p.checker_fee_permille), p.checker_fee_max);
}

amount punish_wrong_check(block_scope& b, validator_id id) {
  const auto taken = take_slash(b, id, b.params().slash_wrong_check_permille);
  auto& record = b.now.validators.edit().at(id);
  record.barred_until_ms =
    b.live_ms() + (b.params().dissent_bar_ms << std::min(record.dissents, bar_doublings_max));
  ++record.dissents;
  announce_slash(b, id, taken, "wrong_check", false);
  return taken;
}

void bar_absent(block_scope& b, const audit_record& audit) {
  for (const auto& x : audit.stage().seats)
    if (!x.answer) {
      auto& until = b.now.validators.edit().at(x.checker).barred_until_ms;
      until = std::max(until, b.live_ms() + b.params().absent_bar_ms);
    }
}

void announce_step(block_scope& b, const audit_record& audit, const verdict& found) {
  b.announce(happened::audit_settled{audit.content().job, audit.content().attempt(),
                                     audit.validator(), to_string(found.outcome),
                                     to_string(found.rule), {}, false});
}

}  // namespace datagen::protocol::ledger
