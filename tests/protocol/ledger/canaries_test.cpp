#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/canaries.hpp"

using namespace ledger_test;
using ledger::canary_check;

namespace {

/// Validator 0 answers wrong on purpose, with user 0's help.
struct mine {
  world w;
  session_id session;
  job work;
  explicit mine(genesis start = test_genesis(all_drawn(), dg(1'000), 7))
      : w(std::move(start)), session(w.paired_session(user_key(0))),
        work(w.make_job(user_key(0), session, 0, hash("wrong"))) {}

  tx::reveal_canary opening(const digest& truth = hash("right"),
                            const key_pair& user = user_key(0)) const {
    return {.job = work.id(), .attempt = 0, .secret = hash("secret"), .truth = truth,
            .user = user.identity,
            .by = sign(user, ledger::canary_statement(w.chain(), work.id(), {0}, truth))};
  }
  std::uint64_t latest() const { return w.machine.now().clock->live_ms + w.start.params.audit_grace_ms; }
  std::uint16_t enrol(const tx::reveal_canary& x) { return enrol(x, latest()); }
  std::uint16_t enrol(const tx::reveal_canary& x, std::uint64_t until_ms) {
    return w.say(validator_key(0), tx::register_canary{ledger::canary_commitment(x), until_ms}).code;
  }
  std::uint16_t reveal(const tx::reveal_canary& x) { return w.say(validator_key(0), x).code; }
  void draw() {
    w.settle(work, 1);
    w.open(work);
  }
  /// The first stage says `found`; validator 0 opens its digest and tells its canary.
  void run(std::vector<digest> found, const digest& truth = hash("right")) {
    REQUIRE(enrol(opening(truth)) == 0);
    draw();
    w.check_all(work, std::move(found));
    REQUIRE(reveal(opening(truth)) == 0);
    REQUIRE(w.open_commitment(work).code == 0);
    w.wait(w.start.params.reveal_window_ms + 500);
  }
};

std::uint16_t enrolling(canary_check x) { return code<tx::register_canary>(x); }
std::uint16_t revealing(canary_check x) { return code<tx::reveal_canary>(x); }

}  // namespace

TEST_CASE("R18 a canary that every checker sees through ends the audit, unpaid and unpunished") {
  mine m;
  m.run({hash("right")});
  CHECK(m.w.audit(m.work).ruling.outcome == audit_outcome::canary);
  CHECK(m.w.audit(m.work).settled);
  CHECK(m.w.validator(0).stake == dg(1'000));
  CHECK(m.w.validator(0).audits_passed == 0);
  REQUIRE(m.w.collect(user_key(1), world::claim_of(m.work, 1)).code == 0);
  CHECK(m.w.heard<happened::claim_paid>().back().to_validator == amount{});
  CHECK(m.w.heard<happened::claim_paid>().back().units == 0);
}

TEST_CASE("R18 a checker that agreed with a canary's wrong digest pays") {
  mine m;
  m.run({hash("right"), hash("wrong"), hash("right")});
  REQUIRE(m.w.audit(m.work).stage().kind == ledger::stage_kind::last);
  const auto lazy = m.w.audit(m.work).stages.front().seats[1].checker;
  m.w.check_all(m.work, {hash("right")});
  CHECK(m.w.audit(m.work).ruling.outcome == audit_outcome::canary);
  CHECK(m.w.validator(lazy.value).stake == dg(950));
  CHECK(m.w.validator(0).stake == dg(1'000));
}

TEST_CASE("R18 three lazy checkers that agree with a canary do not make it pass") {
  mine m;
  m.run({hash("wrong")});
  REQUIRE(m.w.audit(m.work).stage().kind == ledger::stage_kind::last);
  m.w.check_all(m.work, {hash("right")});
  CHECK(m.w.audit(m.work).ruling.outcome == audit_outcome::canary);
  for (const auto& seat : m.w.audit(m.work).stages.front().seats)
    CHECK(m.w.validator(seat.checker.value).dissents >= 1);
}

TEST_CASE("attack: a false canary meant to make honest checkers pay convicts its author") {
  mine m;  // "wrong" is what everybody computes; "right" is the lie
  m.run({hash("wrong")});
  m.w.check_all(m.work, {hash("wrong")});
  CHECK(m.w.audit(m.work).convicted);
  CHECK(m.w.heard<happened::slashed>().back().reason == "wrong_result");
  for (std::uint32_t i = 1; i < 7; ++i)
    CHECK(m.w.validator(i).stake == dg(1'000));
}

TEST_CASE("R18 a canary is registered before its leaf is settled, with its user, and rarely") {
  mine m;
  CHECK(m.w.say(user_key(0), tx::register_canary{hash("c"), m.latest()}).code ==
        enrolling(canary_check::not_a_validator));
  CHECK(m.reveal(m.opening()) == revealing(canary_check::not_registered));
  m.draw();
  REQUIRE(m.enrol(m.opening()) == 0);
  CHECK(m.enrol(m.opening()) == enrolling(canary_check::already_registered));
  CHECK(m.enrol(m.opening(hash("other"))) == enrolling(canary_check::too_many));
  CHECK(m.reveal(m.opening()) == revealing(canary_check::commit_window_open));
  m.w.check_all(m.work, {hash("right")});
  CHECK(m.reveal(m.opening()) == revealing(canary_check::too_late));
}

TEST_CASE("R18 a canary without its user's word is none, and a hidden one is a wrong result") {
  mine m;
  auto forged = m.opening();
  forged.by = sign(user_key(1), ledger::canary_statement(m.w.chain(), m.work.id(), {0}, forged.truth));
  REQUIRE(m.enrol(forged) == 0);
  CHECK(m.reveal(forged) == revealing(canary_check::bad_signature));
  m.w.wait(m.w.start.params.audit_grace_ms + 500);
  CHECK(m.w.validator(0).stake == dg(660));
  CHECK(m.w.heard<happened::slashed>().back().reason == "wrong_result");
}

TEST_CASE("R18 nothing is paid while a canary is hidden, and one that nobody drew only ends") {
  mine m;
  const auto other = m.w.make_job(user_key(0), m.session);
  m.w.audit_once(user_key(0), other, {other.result});
  m.w.wait(ledger::fraud_window_ms(m.w.start.params));
  REQUIRE(m.enrol(m.opening()) == 0);
  const auto claim = world::claim_of(other, other.paper.content.sequence);
  CHECK(m.w.say(user_key(1), claim).code == code<tx::claim>(ledger::claim_check::canary_open));
  REQUIRE(m.reveal(m.opening()) == 0);
  CHECK(m.w.say(user_key(1), claim).code == 0);
  m.w.wait(m.w.start.params.audit_grace_ms + 500);
  CHECK(m.w.validator(0).stake == dg(1'000));
}

TEST_CASE("R18 a canary's registration binds its validator once, whoever sends its bytes again") {
  mine m;
  CHECK(m.enrol(m.opening(), m.w.machine.now().clock->live_ms) == enrolling(canary_check::bad_deadline));
  CHECK(m.enrol(m.opening(), m.latest() + 1'000) == enrolling(canary_check::bad_deadline));
  const auto bytes = m.w.duty(
    validator_key(0), tx::register_canary{ledger::canary_commitment(m.opening()), m.latest()});
  REQUIRE(m.w.run(bytes).code == 0);
  REQUIRE(m.reveal(m.opening()) == 0);
  CHECK(m.w.run(bytes).code == enrolling(canary_check::already_registered));
  m.w.wait(m.w.start.params.audit_grace_ms + 500);
  CHECK(m.w.run(bytes).code == enrolling(canary_check::bad_deadline));
  CHECK(m.w.validator(0).stake == dg(1'000));
}

TEST_CASE("R18 a canary that is told before its leaf is opened still counts in the audit") {
  mine m;
  REQUIRE(m.enrol(m.opening()) == 0);
  m.w.settle(m.work, 1);
  REQUIRE(m.reveal(m.opening()) == 0);
  m.w.open(m.work);
  m.w.check_all(m.work, {hash("right")});
  REQUIRE(m.w.open_commitment(m.work).code == 0);
  m.w.wait(m.w.start.params.reveal_window_ms + 500);
  CHECK(m.w.audit(m.work).ruling.outcome == audit_outcome::canary);
  CHECK(m.w.validator(0).stake == dg(1'000));
  CHECK(m.w.validator(0).canaries_audited == 1);
}

TEST_CASE("R18 a canary's truth that is told before its leaf is opened does not cover a leaf that was "
          "settled before the registration") {
  mine m;
  m.w.settle(m.work, 1);
  REQUIRE(m.enrol(m.opening()) == 0);
  REQUIRE(m.reveal(m.opening()) == 0);
  m.w.open(m.work);
  m.w.check_all(m.work, {hash("right")});
  REQUIRE(m.w.open_commitment(m.work).code == 0);
  m.w.wait(m.w.start.params.reveal_window_ms + 500);
  CHECK_FALSE(m.w.audit(m.work).canary);
  CHECK(m.w.audit(m.work).ruling.outcome != audit_outcome::canary);
}

TEST_CASE("R18 a canary whose time is nearly over is told even while checkers commit") {
  mine m;
  REQUIRE(m.enrol(m.opening(), m.w.machine.now().clock->live_ms + 1'500) == 0);
  m.draw();
  CHECK(m.reveal(m.opening()) == 0);
  m.w.wait(2'000);
  CHECK(m.w.validator(0).stake == dg(1'000));
}

namespace {

/// As little is drawn as the deterrence gate lets pass.
genesis rarely_drawn() {
  auto p = all_drawn();
  p.audit_rate_ppm = 5'000;
  return test_genesis(p, dg(1'000), 7);
}

}  // namespace

TEST_CASE("R18 a canary that nobody drew is not paid either, and does not count against the share") {
  mine m{rarely_drawn()};
  const auto other = m.w.make_job(user_key(0), m.session);
  const std::vector<job> both{m.work, other};
  REQUIRE(m.enrol(m.opening()) == 0);
  m.w.settle(both, 1);
  REQUIRE(m.w.heard<happened::checkpoint_drawn>().back().drawn.empty());
  auto shown = m.opening();
  const auto at = m.w.opening(both, 0);
  shown.place = tx::canary_place{at.content.content, at.checkpoint, at.index, at.path};
  auto wrong = shown;
  wrong.place->content = other.paper.content;
  CHECK(m.reveal(wrong) == revealing(canary_check::bad_place));
  wrong = shown;
  wrong.place->index = 1;
  CHECK(m.reveal(wrong) == revealing(canary_check::bad_place));
  REQUIRE(m.reveal(shown) == 0);
  REQUIRE(m.w.collect(user_key(1), world::claim_of(both, 1)).code == 0);
  CHECK(m.w.heard<happened::claim_paid>().back().units == 1'000);
  CHECK(m.w.validator(0).canaries_audited == 0);
  CHECK(m.enrol(m.opening(hash("another"))) == 0);
}
