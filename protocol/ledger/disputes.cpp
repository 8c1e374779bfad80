#include "protocol/ledger/disputes.hpp"

#include "protocol/audit/draw.hpp"
#include "protocol/job/placed_leaf.hpp"
#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/sessions.hpp"
#include "protocol/ledger/signatures.hpp"
#include "protocol/ledger/stages.hpp"
#include "protocol/ledger/staking.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

namespace {

using code = dispute_check;

/// Fail-over repeats a job: a later attempt may name another validator, price and deadline, but not
/// other work, of which only one would ever be paid.
bool orders_other_work(const ticket& x, const ticket& y) {
  return x.kernel != y.kernel || x.parameters != y.parameters || x.input != y.input;
}

/// Both signers are known, and both signed `x` for this chain.
ruling<dispute_check> check_receipt(const rulebook& rules, const state& now, const receipt& x) {
  const auto& content = x.content;
  const auto* session = find_session(now, content.session);
  if (session == nullptr)
    return {code::unknown_session, "no session " + std::to_string(content.session.value)};
  const auto* validator = find_validator(now, content.validator());
  if (validator == nullptr)
    return {code::unknown_validator, "no validator " + std::to_string(content.validator().value)};
  if (x.order.content.chain != rules.chain)
    return {code::bad_receipt, "the ticket is for another chain"};
  if (const auto why = protocol::check(x, session->user, validator->key, *rules.signatures);
      why != receipt_check::ok)
    return {code::bad_receipt, std::string{"the receipt does not hold: "} + to_string(why)};
  return {};
}

/// The part of a slash that no vote decides: the user gets its money back, the rest is burned.
void punish(block_scope& b, const receipt& held, std::uint32_t permille, const char* reason) {
  const auto id = held.content.validator();
  auto taken = take_slash(b, id, permille);
  if (taken > amount{})
    b.announce(happened::slashed{id, taken, b.now.validators->at(id).stake, reason, false});
  const auto back = min(taken, min(b.params().refund_max, from_nano(held.content.fee)));
  credit(b, b.now.sessions->all.at(held.content.session).payer, back);
  b.now.treasury.edit().burned += taken - back;
  ++b.now.validators.edit().at(id).audits_failed;
  if (taken > amount{})  // so there are no more of these than stake pays for
    b.now.disputes.edit().convicted.insert(key_of(held.content));
  expel_if_poor(b, id);
}

/// Whoever has nothing left is beyond punishment.
bool is_convicted(const state& now, const leaf& x) {
  return now.disputes->convicted.contains(key_of(x)) ||
         now.validators->at(x.validator()).stake == amount{};
}

}  // namespace

ruling<dispute_check> check(const rulebook& rules, const state& now, const tx::twin_receipts& x) {
  const auto &first = x.first.content, &second = x.second.content;
  if (key_of(first) != key_of(second) || first == second)
    return {code::not_twins, "two different leaves of one job, attempt and validator are needed"};
  for (const auto* paper : {&x.first, &x.second})
    if (auto refused = check_receipt(rules, now, *paper); !refused.ok())
      return refused;
  if (is_convicted(now, first))
    return {code::already_convicted, "this leaf's validator is convicted for it"};
  return {};
}

ruling<dispute_check> check(const rulebook& rules, const state& now, const tx::twin_tickets& x) {
  const auto &first = x.first.content, &second = x.second.content;
  const bool contradict = first.attempt == second.attempt ? first != second
                                                          : orders_other_work(first, second);
  if (job_id_of(first) != job_id_of(second) || !contradict || first.chain != rules.chain)
    return {code::not_twins, "two different tickets of one job and attempt are needed, or two "
                             "attempts at different work"};
  const auto* session = find_session(now, first.session);
  if (session == nullptr)
    return {code::unknown_session, "no session " + std::to_string(first.session.value)};
  for (const auto* paper : {&x.first, &x.second})
    if (!rules.signatures->check(session->user, ticket_statement(paper->content), paper->user))
      return {code::bad_receipt, "a ticket is not signed by the session's key"};
  if (session->bond == amount{})
    return {code::already_convicted, "the session's bond is gone"};
  return {};
}

ruling<dispute_check> check(const rulebook& rules, const state& now, const account_id& sender,
                            const tx::ask_for_leaf& x) {
  if (auto refused = check_receipt(rules, now, x.held); !refused.ok())
    return refused;
  const auto live = now.clock->live_ms;
  if (live < x.held.deadline_ms)
    return {code::too_early,
            "the leaf is due at " + std::to_string(x.held.deadline_ms) + " ms of live time"};
  // Whoever leaves keeps its stake for `unbonding_ms` after its last receipt's deadline at least.
  const auto& p = now.params();
  if (live - x.held.deadline_ms + p.audit_grace_ms > p.unbonding_ms)
    return {code::too_late, "a leaf is asked for within the unbonding period, less the time to "
                            "answer, after its deadline"};
  if (is_convicted(now, x.held.content))
    return {code::already_convicted, "this leaf's validator is convicted for it"};
  if (now.disputes->asked.contains(key_of(x.held.content)))
    return {code::already_asked, "the leaf is asked for already"};
  if (const auto free = balance_of(now, sender); p.opening_fee > free)
    return {code::insufficient_funds, "the deposit of " + to_text(p.opening_fee) +
                                        " exceeds the free balance " + to_text(free)};
  return {};
}

ruling<dispute_check> check(const rulebook& rules, const state& now, const tx::show_leaf& x) {
  const auto& content = x.content.content;
  const auto asked = now.disputes->asked.find(key_of(content));
  if (asked == now.disputes->asked.end())
    return {code::not_asked, "nobody asks for this leaf"};
  if (asked->second.held.content != content)
    return {code::not_twins, "another leaf is asked for: a differing one is no answer"};
  if (x.checkpoint == 0)
    return check_receipt(rules, now, x.content);
  const auto found = now.checkpoints->recent.find(x.checkpoint);
  if (found == now.checkpoints->recent.end() ||
      !find_placed(found->second.content.leaf_root, content, x.index,
                   found->second.content.leaves, x.path))
    return {code::bad_path, "the leaf does not lead to the root of a remembered checkpoint " +
                              std::to_string(x.checkpoint)};
  return {};
}

ruling<dispute_check> check(const rulebook&, const state& now, const account_id& sender,
                            const tx::unavailable& x) {
  const auto found = now.audits->find({x.job, x.attempt});
  if (found == now.audits->end())
    return {code::unknown_audit, "no open audit of job " + to_hex(x.job)};
  const auto& audit = found->second;
  const auto& seats = audit.stage().seats;
  if (std::none_of(seats.begin(), seats.end(), [&](const seat& y) {
        return now.validators->at(y.checker).key == sender;
      }))
    return {code::not_a_checker, "the sender was not drawn for the stage under way"};
  if (audit.stages.size() != std::size_t{x.stage} + 1 ||
      audit.stage().phase != stage_phase::committing || audit.input != input_state::unasked)
    return {code::wrong_phase, "an input is asked for once, while checkers compute"};
  return {};
}

ruling<dispute_check> check(const rulebook& rules, const state& now, const tx::stored& x) {
  const auto found = now.audits->find({x.job, x.attempt});
  if (found == now.audits->end())
    return {code::unknown_audit, "no open audit of job " + to_hex(x.job)};
  if (found->second.input != input_state::asked)
    return {code::nothing_pending, "nobody asks for this job's input"};
  auto lacks = lacks_members(
    rules, now,
    stored_statement(rules.chain, x.job, x.attempt, found->second.content().input), x.signatures);
  if (!lacks.empty())
    return {code::too_few_stored, std::move(lacks)};
  return {};
}

void apply(block_scope& b, const tx::twin_receipts& x) {
  punish(b, x.first, b.params().slash_equivocated_permille, "equivocated");
}

void apply(block_scope& b, const tx::twin_tickets& x) {
  b.now.treasury.edit().audit_fund += forfeit_bond(b, x.first.content.session);
}

void apply(block_scope& b, const account_id& sender, const tx::ask_for_leaf& x) {
  const auto deposit = b.params().opening_fee;
  debit(b, sender, deposit);
  const auto until = b.live_ms() + b.params().audit_grace_ms;
  b.now.disputes.edit().asked[key_of(x.held.content)] = {x.held, deposit, sender, until};
  b.announce(happened::leaf_asked{x.held, until});
}

void apply(block_scope& b, const tx::show_leaf& x) {
  const auto asked = b.now.disputes.edit().asked.extract(key_of(x.content.content));
  credit(b, b.now.validators->at(x.content.content.validator()).key, asked.mapped().deposit);
  b.announce(happened::leaf_shown{x.content, x.checkpoint == 0});
}

void apply(block_scope& b, const account_id&, const tx::unavailable& x) {
  auto& audit = b.now.audits.edit().at({x.job, x.attempt});
  audit.input = input_state::asked;
  audit.input_until_ms = b.live_ms() + b.params().audit_grace_ms;
  freeze(b, audit.validator());
  b.announce(happened::input_asked{x.job, x.attempt, audit.input_until_ms});
}

void apply(block_scope& b, const tx::stored& x) {
  auto& audit = b.now.audits.edit().at({x.job, x.attempt});
  audit.input = input_state::stored;
  unfreeze(b, audit.validator());
  restart_commit_window(b, audit);
  b.announce(happened::input_stored{x.job, x.attempt, audit.stage().commit_deadline_ms});
}

void run_dispute_deadlines(block_scope& b) {
  std::vector<leaf_key> late;
  for (const auto& [key, asked] : b.now.disputes->asked)
    if (asked.until_ms <= b.live_ms())
      late.push_back(key);
  for (const auto& key : late) {
    const auto asked = b.now.disputes.edit().asked.extract(key);
    credit(b, asked.mapped().asker, asked.mapped().deposit);
    punish(b, asked.mapped().held, b.params().slash_withheld_permille, "withheld");
  }
}

bool has_open_dispute(const state& now, validator_id id) {
  return now.disputes->canaries.contains(id) ||
         std::any_of(now.disputes->asked.begin(), now.disputes->asked.end(),
                     [id](const auto& x) { return x.first.second == id; });
}

}  // namespace datagen::protocol::ledger
