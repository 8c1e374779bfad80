// Rule a and the committee's store: availability is decided by signatures, not opinion.

#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/disputes.hpp"

using namespace ledger_test;
using ledger::dispute_check;
using happened::standing;

namespace {

struct starved {
  world w;
  session_id session = w.paired_session(user_key(0));
  job work = w.make_job(user_key(0), session);
  starved() {
    w.settle(work, 1);
    w.open(work);
  }
  validator_id checker(std::size_t i) const { return w.audit(work).stage().seats.at(i).checker; }
  std::uint16_t ask(validator_id who) {
    return w.say(validator_key(who.value), tx::unavailable{work.id(), 0, 0}).code;
  }
  std::uint16_t store(std::vector<consensus::author_index> members) {
    tx::stored x{work.id(), 0, {}};
    const auto statement =
      ledger::stored_statement(w.chain(), work.id(), 0, work.paper.content.input);
    const auto& ids = w.committees().fast.now.ids;
    for (const auto i : members)  // some name places that nobody holds
      x.signatures.emplace_back(
        i, sign(validator_key(i < ids.size() ? ids[i] : std::uint32_t{i}), statement));
    return w.prove(x).code;
  }
};

}  // namespace

TEST_CASE("R16 an input that nobody brings within the grace period is withheld by its validator") {
  starved s;
  CHECK(s.w.say(validator_key(0), tx::unavailable{s.work.id(), 0, 0}).code ==
        code<tx::unavailable>(dispute_check::not_a_checker));
  REQUIRE(s.ask(s.checker(0)) == 0);
  CHECK(s.ask(s.checker(1)) == code<tx::unavailable>(dispute_check::wrong_phase));
  CHECK(s.w.validator(0).standing() == standing::frozen);
  s.w.wait(s.w.start.params.audit_grace_ms - 1'000);
  CHECK_FALSE(s.w.audit(s.work).convicted);  // the windows stand still meanwhile
  CHECK(s.w.audit(s.work).stage().phase == ledger::stage_phase::committing);
  const auto seats = s.w.audit(s.work).stage().seats;
  s.w.wait(1'500);
  CHECK(s.w.audit(s.work).convicted);
  CHECK(s.w.audit(s.work).ruling.rule == audit_rule::a);
  CHECK(s.w.heard<happened::slashed>().back().reason == "withheld");
  for (const auto& seat : seats)  // who could not get the input missed no turn
    CHECK(s.w.validator(seat.checker.value).barred_until_ms == 0);
  CHECK(s.w.machine.find_session(s.session)->bond == dg(5));
}

TEST_CASE("R16 f+1 members that hold the input settle it, and the window starts again") {
  starved s;
  CHECK(s.store({0, 1, 2}) == code<tx::stored>(dispute_check::nothing_pending));
  REQUIRE(s.ask(s.checker(0)) == 0);
  const auto few = code<tx::stored>(dispute_check::too_few_stored);
  CHECK(s.store({0, 1}) == few);  // f = 2 of seven
  CHECK(s.store({0, 1, 1}) == few);
  CHECK(s.store({0, 1, 99}) == few);
  s.w.wait(s.w.start.params.audit_grace_ms - 1'000);
  REQUIRE(s.store({0, 3, 6}) == 0);
  CHECK(s.w.validator(0).active());
  CHECK(s.ask(s.checker(1)) == code<tx::unavailable>(dispute_check::wrong_phase));
  s.w.check_all(s.work, {s.work.result});
  REQUIRE(s.w.open_commitment(s.work).code == 0);
  REQUIRE(s.w.say(user_key(0), s.w.evidence(user_key(0), s.work, s.work.result)).code == 0);
  CHECK(s.w.audit(s.work).ruling.outcome == audit_outcome::pass);
  CHECK(s.w.validator(0).stake == dg(1'000));
}

TEST_CASE("R16 an input that every checker gets after all costs nobody anything") {
  starved s;
  REQUIRE(s.ask(s.checker(0)) == 0);
  for (std::size_t i = 0; i < 3; ++i)
    s.w.commit(s.work, s.checker(i), s.work.result);
  CHECK(s.w.validator(0).active());
  CHECK(s.w.audit(s.work).input == ledger::input_state::stored);
  s.w.wait(s.w.start.params.audit_grace_ms / 2);
  CHECK_FALSE(s.w.audit(s.work).convicted);
}

TEST_CASE("attack: no-show veto by a lie about the input: the store settles it, the audit ends") {
  starved s;
  const auto liar = s.checker(2);
  REQUIRE(s.ask(liar) == 0);
  REQUIRE(s.store({0, 1, 2}) == 0);
  s.w.commit(s.work, s.checker(0), s.work.result);
  s.w.commit(s.work, s.checker(1), s.work.result);
  s.w.wait(s.w.start.params.commit_window_ms);
  s.w.reveal(s.work, s.checker(0), s.work.result);
  s.w.reveal(s.work, s.checker(1), s.work.result);
  REQUIRE(s.w.open_commitment(s.work).code == 0);
  s.w.wait(s.w.start.params.reveal_window_ms + 500);
  REQUIRE(s.w.audit(s.work).stage().kind == ledger::stage_kind::refill);
  s.w.check_all(s.work, {s.work.result});
  s.w.block();
  CHECK(s.w.audit(s.work).ruling.outcome == audit_outcome::pass);
  CHECK(s.w.validator(0).stake == dg(1'000));
  CHECK(s.w.validator(liar.value).barred_until_ms > 0);
}
