#include "protocol/ledger/audits.hpp"

#include "protocol/audit/check_commitment.hpp"
#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/stages.hpp"
#include "protocol/ledger/staking.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

namespace {

using enum audit_check;

const audit_record* find(const state& now, const job_id& job, std::uint8_t attempt) {
  const auto found = now.audits->find({job, attempt});
  return found == now.audits->end() ? nullptr : &found->second;
}

audit_record& edit(block_scope& b, const job_id& job, std::uint8_t attempt) {
  return b.now.audits.edit().at({job, attempt});
}

ruling<audit_check> unknown(const job_id& job) {
  return {unknown_audit, "no open audit of job " + to_hex(job)};
}

const seat* seat_of(const state& now, const audit_stage& stage, const account_id& sender) {
  for (const auto& x : stage.seats)
    if (now.validators->at(x.checker).key == sender)
      return &x;
  return nullptr;
}

seat& edit_seat(const state& now, audit_stage& stage, const account_id& sender) {
  return stage.seats.at(static_cast<std::size_t>(seat_of(now, stage, sender) - stage.seats.data()));
}

/// Common to both statements of a checker.
ruling<audit_check> check_seat(const state& now, const audit_record& audit, std::uint8_t stage,
                               const account_id& sender) {
  if (audit.stages.size() != std::size_t{stage} + 1)
    return {wrong_stage, "the audit is in stage " + std::to_string(audit.stages.size() - 1) +
                           ", not " + std::to_string(stage)};
  if (seat_of(now, audit.stage(), sender) == nullptr)
    return {not_a_checker, "the sender was not drawn for this stage"};
  return {};
}

/// P's digest and U's word would tell checkers what to copy, so both wait for the first reveal.
bool may_speak(const audit_record& audit) {
  return audit.stages.front().phase >= stage_phase::revealing;
}

}  // namespace

ruling<audit_check> check(const rulebook&, const state& now, const account_id& sender,
                          const tx::check_commit& x) {
  const auto* audit = find(now, x.job, x.attempt);
  if (audit == nullptr)
    return unknown(x.job);
  if (auto refused = check_seat(now, *audit, x.stage, sender); !refused.ok())
    return refused;
  if (audit->stage().phase != stage_phase::committing)
    return {commit_window_over, "the commit window closed at " +
                                  std::to_string(audit->stage().commit_deadline_ms) + " ms"};
  if (seat_of(now, audit->stage(), sender)->commitment)
    return {already_committed, "this checker has committed"};
  return {};
}

void apply(block_scope& b, const account_id& sender, const tx::check_commit& x) {
  auto& audit = edit(b, x.job, x.attempt);
  auto& mine = edit_seat(b.now, audit.stage(), sender);
  mine.commitment = x.commitment;
  b.announce(happened::check_committed{x.job, x.attempt, x.stage, mine.checker});
  advance(b, audit.key());
}

ruling<audit_check> check(const rulebook&, const state& now, const account_id& sender,
                          const tx::check_reveal& x) {
  const auto* audit = find(now, x.job, x.attempt);
  if (audit == nullptr)
    return unknown(x.job);
  if (auto refused = check_seat(now, *audit, x.stage, sender); !refused.ok())
    return refused;
  const auto& stage = audit->stage();
  if (stage.phase < stage_phase::revealing)
    return {commit_window_open, "the commit window is open until " +
                                  std::to_string(stage.commit_deadline_ms) + " ms"};
  const auto& mine = *seat_of(now, stage, sender);
  if (mine.answer)
    return {already_revealed, "this checker has revealed"};
  if (!mine.commitment)
    return {not_committed, "this checker has not committed"};
  const auto why = protocol::check({x.salt, x.result, x.witness}, *mine.commitment, x.job,
                                   mine.checker,
                                   {stage.commit_deadline_ms, stage.reveal_deadline_ms},
                                   now.clock->live_ms);
  if (stage.phase != stage_phase::revealing || why == reveal_check::reveal_window_over)
    return {reveal_window_over, "the reveal window closed at " +
                                  std::to_string(stage.reveal_deadline_ms) + " ms"};
  if (why != reveal_check::ok)
    return {not_committed, "salt, digest and witness do not open the commitment"};
  return {};
}

void apply(block_scope& b, const account_id& sender, const tx::check_reveal& x) {
  auto& audit = edit(b, x.job, x.attempt);
  auto& mine = edit_seat(b.now, audit.stage(), sender);
  mine.answer = revealed{x.result, x.witness};
  b.announce(happened::digest_revealed{x.job, x.attempt, x.stage,
                                       std::to_string(mine.checker.value), x.result});
  advance(b, audit.key());
}

ruling<audit_check> check(const rulebook&, const state& now, const account_id&,
                          const tx::open_commitment& x) {
  const auto* audit = find(now, x.job, x.attempt);
  if (audit == nullptr)
    return unknown(x.job);
  if (!may_speak(*audit))
    return {commit_window_open, "nothing is opened before the first commit window closes"};
  if (audit->opened)
    return {already_opened, "the commitment is open"};
  if (commitment_of(x.salt, x.job, x.attempt, audit->validator(), x.result) !=
      audit->content().commitment)
    return {bad_opening, "salt and digest do not open the leaf's commitment"};
  return {};
}

void apply(block_scope& b, const account_id&, const tx::open_commitment& x) {
  auto& audit = edit(b, x.job, x.attempt);
  audit.opened = x.result;
  b.announce(happened::digest_revealed{
    x.job, x.attempt, static_cast<std::uint8_t>(audit.stages.size() - 1), "P", x.result});
  advance(b, audit.key());
}

ruling<audit_check> check(const rulebook& rules, const state& now, const account_id&,
                          const tx::user_evidence& x) {
  const auto* audit = find(now, x.said.job, x.said.attempt);
  if (audit == nullptr)
    return unknown(x.said.job);
  if (!may_speak(*audit))
    return {commit_window_open, "nothing is told before the first commit window closes"};
  if (audit->said && (audit->said->receipt || !x.held))
    return {already_said, "the user has spoken"};
  if (x.said.validator != audit->validator())
    return {wrong_job, "the acknowledgement is about another validator"};
  if (!rules.signatures->check(audit->user, acknowledgement_statement(rules.chain, x.said),
                               x.said.user))
    return {bad_evidence, "the acknowledgement is not signed by the session's user"};
  if (!x.held)
    return {};
  const auto& held = x.held->content;
  if (held.job != x.said.job || held.attempt() != x.said.attempt ||
      held.validator() != audit->validator() || x.held->order.content.chain != rules.chain)
    return {wrong_job, "the receipt is about another job"};
  const auto why = check(*x.held, audit->user, now.validators->at(audit->validator()).key,
                         *rules.signatures);
  if (why != receipt_check::ok)
    return {bad_evidence, std::string{"the receipt does not hold: "} + to_string(why)};
  if (commitment_of(x.salt, held.job, held.attempt(), held.validator(), x.said.result) !=
      held.commitment)
    return {bad_opening, "the receipt does not open to the acknowledged digest"};
  return {};
}

void apply(block_scope& b, const account_id&, const tx::user_evidence& x) {
  auto& audit = edit(b, x.said.job, x.said.attempt);
  audit.said = user_word{x.said.result, x.held.has_value()};
  b.announce(happened::digest_revealed{x.said.job, x.said.attempt,
                                       static_cast<std::uint8_t>(audit.stages.size() - 1), "U",
                                       x.said.result});
  advance(b, audit.key());
}

ruling<audit_check> check(const rulebook&, const state& now, const account_id& sender,
                          const tx::appeal& x) {
  const auto* audit = find(now, x.job, x.attempt);
  if (audit == nullptr)
    return unknown(x.job);
  if (!audit->convicted || audit->appealed)
    return {not_convicted, "no slash of this job is open to an appeal"};
  if (now.validators->at(audit->validator()).key != sender)
    return {not_the_convict, "only validator " + std::to_string(audit->validator().value) +
                               " may appeal"};
  if (now.params().mode != audit_mode::hardened || audit->stage().kind == stage_kind::last ||
      audit->ruling.validator_offence != offence::wrong_result)
    return {not_appealable, "the last stage would not hear anything new"};
  const auto free = balance_of(now, sender) + now.validators->at(audit->validator()).stake;
  if (now.params().appeal_bond > free)
    return {insufficient_funds, "the bond " + to_text(now.params().appeal_bond) +
                                  " exceeds balance and remaining stake of " + to_text(free)};
  return {};
}

void apply(block_scope& b, const account_id& sender, const tx::appeal& x) {
  auto& audit = edit(b, x.job, x.attempt);
  const auto bond = b.params().appeal_bond;
  const auto paid = min(bond, balance_of(b.now, sender));
  debit(b, sender, paid);
  // Whoever holds nothing but its stake can defend it all the same.
  pledge_stake(b, audit.validator(), bond - paid);
  audit.appealed = true;
  audit.appeal_bond = bond;
  audit.bond_of_stake = bond - paid;
  open_stage(b, audit, stage_kind::last);
}

}  // namespace datagen::protocol::ledger
