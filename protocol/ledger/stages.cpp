#include "protocol/ledger/stages.hpp"

#include "protocol/audit/draw.hpp"
#include "protocol/ledger/effects.hpp"
#include "protocol/ledger/judgement.hpp"
#include "protocol/ledger/operators.hpp"
#include "protocol/ledger/staking.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

namespace {

account_id operator_of(const state& now, validator_id id) {
  return operator_account(now.validators->at(id).operator_id);
}

/// Operators that may not be drawn: P's, and those already seated in this audit.
std::vector<account_id> excluded(const state& now, const audit_record& audit) {
  std::vector<account_id> result{operator_of(now, audit.validator())};
  for (const auto& stage : audit.stages)
    for (const auto& x : stage.seats)
      result.push_back(operator_of(now, x.checker));
  return result;
}

std::vector<candidate> candidates(const state& now, bool barred_too) {
  std::vector<candidate> result;
  for (const auto& [id, record] : *now.validators)
    if (record.active() && (barred_too || record.barred_until_ms <= now.clock->live_ms))
      result.push_back({id, operator_account(record.operator_id), record.stake});
  return result;
}

std::size_t fresh_operators(const state& now, const audit_record& audit) {
  const auto not_these = excluded(now, audit);
  std::set<account_id> fresh;
  for (const auto& x : candidates(now, false))
    if (std::find(not_these.begin(), not_these.end(), x.operator_account) == not_these.end())
      fresh.insert(x.operator_account);
  return fresh.size();
}

/// Every active validator but P's operator: the last stage hears them all (section 3, h2).
std::vector<validator_id> everyone_else(const state& now, const audit_record& audit) {
  std::vector<validator_id> result;
  for (const auto& x : candidates(now, true))
    if (x.operator_account != operator_of(now, audit.validator()))
      result.push_back(x.id);
  return result;
}

std::vector<validator_id> draw(const block_scope& b, audit_record& audit, const digest& beacon) {
  std::uint32_t seats = 1;
  switch (audit.stage().kind) {
    case stage_kind::last:
      return everyone_else(b.now, audit);
    case stage_kind::first:
      seats = b.params().checkers;
      break;
    case stage_kind::escalation:
      seats = b.params().escalation_committee;
      break;
    case stage_kind::refill:
    case stage_kind::fifth:
      break;
  }
  return draw_checkers({beacon, audit.content().job, audit.draws++}, candidates(b.now, false),
                       excluded(b.now, audit), seats);
}

void begin_reveal(block_scope& b, audit_record& audit) {
  auto& stage = audit.stage();
  stage.phase = stage_phase::revealing;
  stage.commit_deadline_ms = std::min(stage.commit_deadline_ms, b.live_ms());
  stage.reveal_deadline_ms = b.live_ms() + b.params().reveal_window_ms;
  if (audit.stages.size() == 1)
    audit.grace_until_ms = b.live_ms() + b.params().audit_grace_ms;
  b.announce(happened::reveal_requested{audit.content().job, audit.content().attempt(),
                                        static_cast<std::uint8_t>(audit.stages.size() - 1),
                                        stage.reveal_deadline_ms});
}

/// Everything that may still be said has been said.
bool all_said(const audit_record& audit) {
  const auto& seats = audit.stage().seats;
  const bool revealed = std::all_of(seats.begin(), seats.end(), [](const seat& x) {
    return x.answer || !x.commitment;
  });
  return revealed && audit.opened && (audit.said || audit.stages.size() > 1);
}

void next_stage(block_scope& b, audit_record& audit, const verdict& found) {
  if (found.outcome == audit_outcome::replace) {
    ++audit.refills;
    if (const auto slot = absent_slot(audit))
      open_stage(b, audit, stage_kind::refill, *slot);
    else
      open_stage(b, audit, stage_kind::fifth);
  } else if (found.outcome == audit_outcome::fifth) {
    open_stage(b, audit, stage_kind::fifth);
  } else if (fresh_operators(b.now, audit) >= b.params().escalation_quorum) {
    open_stage(b, audit, stage_kind::escalation);
  } else {
    open_stage(b, audit, stage_kind::last);
  }
  announce_step(b, audit, found);
}

/// Either every checker got the input after all, or nobody brought it within the grace period.
void end_input_question(block_scope& b, audit_record& audit, bool all_have_it) {
  audit.input = all_have_it ? input_state::stored : input_state::withheld;
  unfreeze(b, audit.validator());
}

/// The windows of the stage are over: what follows from what was said?
void judge(block_scope& b, audit_record& audit) {
  audit.stage().phase = stage_phase::over;
  if (audit.input != input_state::withheld)  // nobody could answer without it
    bar_absent(b, audit);
  const auto found = judgement_of(b.params(), audit);
  audit.ruling = found.table;
  audit.user_pays = audit.user_pays || found.table.pays(payer::user);
  switch (found.table.outcome) {
    case audit_outcome::replace:
    case audit_outcome::fifth:
    case audit_outcome::escalate:
      return next_stage(b, audit, found.table);
    case audit_outcome::pass:
    case audit_outcome::fault:
    case audit_outcome::void_audit:
    case audit_outcome::undetermined:
    case audit_outcome::canary:
      audit.losers = found.losers;
      return conclude(b, audit.key());
  }
}

}  // namespace

void open_audit(block_scope& b, const tx::open_leaf& x, const account_id& user,
                std::uint64_t epoch, bool payable) {
  audit_record audit{.subject = x.content, .user = user, .checkpoint = x.checkpoint,
                     .index = x.index, .epoch = epoch, .payable = payable,
                     .opened_ms = b.live_ms()};
  const auto key = audit.key();
  auto& audits = b.now.audits.edit();
  audits.emplace(key, std::move(audit));
  open_stage(b, audits.at(key), stage_kind::first);
}

void open_stage(block_scope& b, audit_record& audit, stage_kind kind, std::uint8_t slot) {
  audit.stages.push_back({.kind = kind, .request = b.height(), .slot = slot});
  b.wants_beacon = true;
}

void restart_commit_window(block_scope& b, audit_record& audit) {
  auto& stage = audit.stage();
  stage.commit_deadline_ms = b.live_ms() + (stage.kind == stage_kind::last
                                              ? b.params().last_stage_window_ms
                                              : b.params().commit_window_ms);
  stage.reveal_deadline_ms = stage.commit_deadline_ms + b.params().reveal_window_ms;
}

void draw_stages(block_scope& b, std::uint64_t height, const digest& beacon) {
  std::vector<audit_key> due;
  for (const auto& [key, audit] : *b.now.audits)
    if (audit.stage().phase == stage_phase::drawing && audit.stage().request == height)
      due.push_back(key);
  for (const auto& key : due) {
    auto& audit = b.now.audits.edit().at(key);
    const auto drawn = draw(b, audit, beacon);
    auto& stage = audit.stage();
    stage.beacon = beacon;
    stage.phase = stage_phase::committing;
    for (std::size_t i = 0; i < drawn.size(); ++i)
      stage.seats.push_back({.checker = drawn[i],
                             .slot = stage.kind == stage_kind::refill
                                       ? stage.slot : static_cast<std::uint8_t>(i),
                             .stake = b.now.validators->at(drawn[i]).stake});
    restart_commit_window(b, audit);
    b.announce(happened::check_requested{
      audit.subject, static_cast<std::uint8_t>(audit.stages.size() - 1), beacon, drawn,
      stage.commit_deadline_ms, stage.reveal_deadline_ms});
    advance(b, key);
  }
}

void advance(block_scope& b, const audit_key& key) {
  const auto& seen = b.now.audits->at(key);
  const auto now = b.live_ms();
  const auto& seats = seen.stage().seats;
  const bool all_committed =
    std::all_of(seats.begin(), seats.end(), [](const seat& x) { return x.commitment; });
  if (seen.input == input_state::asked && (all_committed || seen.input_until_ms <= now))
    end_input_question(b, b.now.audits.edit().at(key), all_committed);
  if (seen.input == input_state::asked)
    return;  // the stage's windows stand still
  if (seen.input == input_state::withheld && !seen.convicted)
    return judge(b, b.now.audits.edit().at(key));
  if (seen.stage().phase == stage_phase::committing &&
      (seen.stage().commit_deadline_ms <= now || all_committed))
    begin_reveal(b, b.now.audits.edit().at(key));
  if (seen.stage().phase == stage_phase::revealing &&
      (all_said(seen) || (seen.stage().reveal_deadline_ms <= now &&
                          (seen.opened || seen.grace_until_ms <= now))))
    return judge(b, b.now.audits.edit().at(key));
  if (seen.convicted && !seen.appealed && seen.appeal_until_ms <= now)
    finish(b, key);
}

void run_audit_deadlines(block_scope& b) {
  std::vector<audit_key> keys;
  for (const auto& [key, audit] : *b.now.audits)
    keys.push_back(key);
  for (const auto& key : keys)
    advance(b, key);
}

}  // namespace datagen::protocol::ledger
