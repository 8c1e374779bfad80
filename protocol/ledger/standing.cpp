#include "protocol/ledger/standing.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

namespace {

// What everyone knows ---------------------------------------------------------------------------

validator_view view_of(const validator_record& x, std::uint64_t live_ms) {
  auto highest = x.stake;
  for (const auto& mark : x.earlier)
    if (mark.until_ms > live_ms)
      highest = std::max(highest, mark.stake);
  return {.key = x.key,
          .operator_id = x.operator_id,
          .stake = x.stake,
          .stake_highest = highest,
          .ask = x.ask,
          .now = x.standing(),
          .name = x.name};
}

session_view view_of(const session_record& x) {
  session_view result{.user = x.user,
                      .mode = x.mode,
                      .bid = x.bid,
                      .escrow = x.free + x.paid,
                      .paired = x.paired,
                      .stand_ins = x.stand_ins,
                      .lanes = {}};
  for (const auto& [payee, money] : x.lanes) {
    result.lanes[payee] = money.reserved;
    result.escrow += money.left();
  }
  return result;
}

view view_of(const state& now) {
  view result;
  const auto& committees = *now.committees;
  result.position = {committees.heavy.now, now.clock->height, now.feed};
  result.live_ms = now.clock->live_ms;
  result.params = {now.governance->params, now.governance->scheduled};
  result.fast_authors = committees.fast.now;
  result.fast_began = committees.fast.base;
  for (const auto* chain : {&committees.heavy, &committees.fast})
    if (chain->next)
      result.next.insert_or_assign(chain->now.chain, chain->next->next);
  for (const auto& [id, x] : *now.authors)
    result.authors[id] = {x.key, x.stake, x.standing()};
  for (const auto& [id, x] : *now.validators)
    result.validators[id] = view_of(x, result.live_ms);
  for (const auto& [id, x] : now.sessions->all)
    if (!x.closed)
      result.sessions[id] = view_of(x);
  for (const auto& [kernel, doubt] : now.treasury->undetermined)
    if (doubt.suspended_until_ms != 0)
      result.suspended.insert(kernel);
  return result;
}

// What is under way -----------------------------------------------------------------------------

class teller {
public:
  explicit teller(const state& now) : now_(now) {}

  std::vector<event> all() && {
    for (const auto& [id, x] : now_.sessions->all)
      if (!x.closed)
        tell(id, x);
    tell(now_.committees->heavy);
    tell(now_.committees->fast);
    for (const auto& [sequence, x] : now_.checkpoints->recent)
      tell(sequence, x);
    for (const auto& [key, x] : *now_.audits)
      tell(x);
    tell(*now_.disputes);
    return std::move(events_);
  }

private:
  void tell(session_id id, const session_record& x) {
    if (x.echo && (x.echo->request == 0 || !x.echo->sample.empty()))
      say(happened::echo_opened{id, x.echo->sample, x.echo->until_ms});
  }

  void tell(const chain_committees& x) {
    if (x.base)
      say(happened::committee_seated{x.now, x.base});
    if (!x.next)
      return;
    auto without_coin = x.next->next;
    without_coin.coin = {};
    say(happened::committee_elected{std::move(without_coin)});
    for (const auto& dealing : x.next->dealings)
      say(happened::coin_dealt{x.now.chain, x.next->next.epoch, dealing});
    if (x.next->ready_height)
      say(happened::committee_ready{x.next->next});
  }

  /// Of its draw only what still waits for somebody: a leaf that it does not name has matured, or its
  /// audit is over.
  void tell(std::uint64_t sequence, const checkpoint_record& x) {
    say(happened::checkpoint_settled{x.content});
    if (!x.beacon)
      return;
    auto waiting = x.unopened;
    for (const auto& [key, audit] : *now_.audits)
      if (audit.checkpoint == sequence)
        waiting.insert(audit.index);
    say(happened::checkpoint_drawn{sequence, *x.beacon, {waiting.begin(), waiting.end()}});
  }

  void tell(const audit_record& x) {
    const auto number = static_cast<std::uint8_t>(x.stages.size() - 1);
    const auto& stage = x.stage();
    if (stage.phase != stage_phase::drawing) {
      happened::check_requested request{.subject = x.subject,
                                        .stage = number,
                                        .beacon = stage.beacon,
                                        .checkers = {},
                                        .commit_deadline_ms = stage.commit_deadline_ms,
                                        .reveal_deadline_ms = stage.reveal_deadline_ms};
      for (const auto& seat : stage.seats)
        request.checkers.push_back(seat.checker);
      say(std::move(request));
    }
    tell_input(x);
    const auto& [job, attempt] = x.key();
    for (const auto& seat : stage.seats)
      if (seat.commitment)
        say(happened::check_committed{job, attempt, number, seat.checker});
    if (stage.phase == stage_phase::revealing)
      say(happened::reveal_requested{job, attempt, number, stage.reveal_deadline_ms});
    tell_digests(x, number);
    if (x.convicted)
      say(happened::audit_settled{.job = job,
                                  .attempt = attempt,
                                  .validator = x.validator(),
                                  .outcome = to_string(x.ruling.outcome),
                                  .rule = to_string(x.ruling.rule),
                                  .pays = x.pays});
  }

  void tell_input(const audit_record& x) {
    const auto& [job, attempt] = x.key();
    if (x.input == input_state::asked || x.input == input_state::stored)
      say(happened::input_asked{job, attempt, x.input_until_ms});
    if (x.input == input_state::stored)
      say(happened::input_stored{job, attempt, x.stage().commit_deadline_ms});
  }

  void tell_digests(const audit_record& x, std::uint8_t number) {
    const auto& [job, attempt] = x.key();
    for (std::uint8_t i = 0; i < x.stages.size(); ++i)
      for (const auto& seat : x.stages[i].seats)
        if (seat.answer)
          say(happened::digest_revealed{job, attempt, i, std::to_string(seat.checker.value),
                                        seat.answer->result});
    if (x.opened)
      say(happened::digest_revealed{job, attempt, number, "P", *x.opened});
    if (x.said)
      say(happened::digest_revealed{job, attempt, number, "U", x.said->result});
  }

  void tell(const disputes_section& x) {
    for (const auto& [key, asked] : x.asked)
      say(happened::leaf_asked{asked.held, asked.until_ms});
    for (const auto& [key, asked] : x.deliveries)  // the state keeps the leaf of the receipt alone
      say(happened::delivery_asked{receipt{.content = asked.content}, asked.until_ms});
    for (const auto& [key, asked] : x.counts)
      say(happened::count_asked{key.epoch, key.entry, key.job, asked.until_ms});
    for (const auto& [validator, canaries] : x.canaries)
      for (const auto& [commitment, canary] : canaries)
        say(happened::canary_registered{validator, commitment, canary.until_ms});
  }

  void say(event x) { events_.push_back(std::move(x)); }

  const state& now_;
  std::vector<event> events_;
};

}  // namespace

standing standing_in(const state& now) {
  return {view_of(now), {now.clock->height, now.clock->live_ms, teller{now}.all()}};
}

}  // namespace datagen::protocol::ledger
