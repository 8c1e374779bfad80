#include "protocol/ledger/judgement.hpp"

#include "protocol/audit/escalation.hpp"

namespace datagen::protocol::ledger {

namespace {

std::optional<digest> answer_of(const seat* x) {
  return x != nullptr && x->answer && !x->refuted ? std::optional{x->answer->result} : std::nullopt;
}

/// Who holds seat `slot` of the first three by now: the drawn one or the newest substitute.
const seat* holder(const audit_record& audit, std::uint8_t slot) {
  const seat* result = nullptr;
  for (const auto& stage : audit.stages)
    if (stage.kind == stage_kind::first || stage.kind == stage_kind::refill)
      for (const auto& x : stage.seats)
        if (x.slot == slot)
          result = &x;
  return result;
}

/// The newest fifth checker's stage; nothing before one was asked for.
const audit_stage* fifth_stage(const audit_record& audit) {
  const audit_stage* result = nullptr;
  for (const auto& stage : audit.stages)
    if (stage.kind == stage_kind::fifth)
      result = &stage;
  return result;
}

judgement by_table(const parameters& p, const audit_record& audit) {
  const auto* fifth = fifth_stage(audit);
  const seat* seats[4] = {holder(audit, 0), holder(audit, 1), holder(audit, 2),
                          fifth == nullptr || fifth->seats.empty() ? nullptr
                                                                   : &fifth->seats.front()};
  std::vector<std::optional<digest>> digests{
    audit.said ? std::optional{audit.said->result} : std::nullopt, audit.opened};
  for (const auto* x : seats)
    digests.push_back(answer_of(x));
  const auto labels = labels_of(digests);
  audit_facts facts{.mode = p.mode, .user = labels[0], .validator = labels[1],
                    .checkers = {labels[2], labels[3], labels[4]},
                    .receipt = audit.said && audit.said->receipt,
                    .input_unavailable = audit.input == input_state::withheld,
                    .refills_used = audit.refills, .refills_max = p.refills_max};
  if (fifth != nullptr)
    facts.fifth = labels[5];
  judgement result{decide(facts), {}};
  constexpr payer payers[] = {payer::checker1, payer::checker2, payer::checker3, payer::checker5};
  for (std::size_t i = 0; i < 4; ++i)
    if (result.table.pays(payers[i]) && answer_of(seats[i]))
      result.losers.insert(seats[i]->checker);
  return result;
}

/// P committed another digest than the truth it had registered (section 2, step 8).
bool is_canary(const audit_record& audit) {
  return audit.canary && audit.opened && audit.canary != audit.opened;
}

/// The table's verdict, except that a canary passes where every checker found its truth, and that
/// agreeing with its wrong digest proves nothing.
judgement first_stages(const parameters& p, const audit_record& audit) {
  auto result = by_table(p, audit);
  if (!is_canary(audit))
    return result;
  bool all_found = true;
  for (std::uint8_t slot = 0; slot < 3; ++slot)
    all_found = all_found && answer_of(holder(audit, slot)) == audit.canary;
  if (all_found)
    return {{audit_outcome::canary, audit_rule::k}, {}};
  if (result.table.outcome == audit_outcome::pass)
    result = {{audit_outcome::escalate, audit_rule::h2}, {}};
  return result;
}

stage_verdict by_later_stage(const parameters& p, const audit_record& audit) {
  const auto& stage = audit.stage();
  if (stage.kind == stage_kind::escalation) {
    std::vector<std::optional<digest>> answers;
    for (const auto& x : stage.seats)
      answers.push_back(answer_of(&x));
    return decide_escalation(p, *audit.opened, answers);
  }
  amount eligible;
  std::vector<stake_vote> votes;
  for (const auto& x : stage.seats) {
    eligible += x.stake;
    if (answer_of(&x))
      votes.push_back({x.answer->result, x.stake});
  }
  return decide_last_stage(*audit.opened, votes, eligible, true);
}

}  // namespace

judgement judgement_of(const parameters& p, const audit_record& audit) {
  if (audit.input == input_state::withheld)
    return by_table(p, audit);  // rule a, whatever the stage
  const auto kind = audit.stage().kind;
  if (kind != stage_kind::escalation && kind != stage_kind::last)
    return first_stages(p, audit);
  const auto found = by_later_stage(p, audit);
  judgement result{{found.outcome, audit_rule::h2}, {}};
  if (is_canary(audit) && found.truth) {
    // Its truth stands or falls with the later stage's; a false one was to make checkers pay.
    const bool true_one = found.truth == audit.canary;
    result.table.outcome = true_one ? audit_outcome::canary : audit_outcome::fault;
  }
  if (result.table.outcome == audit_outcome::fault)
    result.table.validator_offence = offence::wrong_result;
  if (found.truth)
    for (const auto& stage : audit.stages)
      for (const auto& x : stage.seats)
        if (answer_of(&x) && x.answer->result != *found.truth)
          result.losers.insert(x.checker);
  return result;
}

std::optional<std::uint8_t> absent_slot(const audit_record& audit) {
  for (std::uint8_t slot = 0; slot < 3; ++slot)
    if (!answer_of(holder(audit, slot)))
      return slot;
  return std::nullopt;
}

}  // namespace datagen::protocol::ledger
