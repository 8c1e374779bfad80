#include "tests/support/ledger_fixture.hpp"

using namespace ledger_test;
using happened::standing;

namespace {

/// One world per mode and stake, with a paired session of user 0.
struct courtroom {
  world w;
  session_id session;
  explicit courtroom(parameters p = all_drawn(), amount stake = dg(1'000),
                     std::uint32_t validators = 7)
      : w(test_genesis(p, stake, validators)), session(w.paired_session(user_key(0), dg(1'000))) {}

  job try_job(const digest& claimed, std::vector<digest> found) {
    const auto x = w.make_job(user_key(0), session, 0, claimed);
    w.audit_once(user_key(0), x, std::move(found));
    return x;
  }
  /// The last stage: everyone finds `found`.
  void last_stage(const job& x, const digest& found) {
    REQUIRE(w.audit(x).stage().kind == ledger::stage_kind::last);
    w.check_all(x, {found});
  }
  job convict() {
    const auto x = try_job(hash("wrong"), {hash("right")});
    last_stage(x, hash("right"));
    w.wait(w.start.params.appeal_window_ms + 500);
    return x;
  }
};

}  // namespace

TEST_CASE("R19 three checkers agree: pass, the audit is remembered, agreeing checkers are paid") {
  courtroom c;
  c.w.say(user_key(0), c.w.report(c.session, {c.w.answer(c.session, 0, 1)}));  // funds the audits
  const auto first = c.try_job(hash("right"), {hash("right")});
  CHECK(c.w.audit(first).ruling.outcome == audit_outcome::pass);
  CHECK(c.w.audit(first).ruling.rule == audit_rule::h1);
  REQUIRE(c.w.collect(user_key(1), world::claim_of(first, first.paper.content.sequence)).code == 0);
  const auto fund = c.w.machine.where_supply_is().audit_fund;
  const auto second = c.try_job(hash("right"), {hash("right")});
  // Three fees of 20 % of 1 DG; the fund holds 0.7 DG from the claim before.
  CHECK(fund - c.w.machine.where_supply_is().audit_fund == amount{units_per_dg * 6 / 10});
  CHECK(c.w.validator(0).audits_passed == 2);
  CHECK(c.w.machine.now().audits->empty());
  CHECK(c.w.audit(second).settled);
}

TEST_CASE("R27 a wrong result is convicted by the last stage and slashed 34 % of the stake") {
  courtroom c;
  const auto x = c.try_job(hash("wrong"), {hash("right")});
  CHECK(c.w.audit(x).stage().seats.size() == 6);  // all but P: fewer than 7 fresh operators exist
  c.last_stage(x, hash("right"));
  CHECK(c.w.validator(0).standing() == standing::frozen);
  CHECK(c.w.machine.where_supply_is().pending_slashes == dg(340));
  CHECK(c.w.say(validator_key(0), tx::appeal{x.id(), 0}).code ==
        code<tx::appeal>(std::uint8_t{17}));  // the last stage is final
  c.w.wait(c.w.start.params.appeal_window_ms + 500);
  CHECK(c.w.machine.where_supply_is().pending_slashes == amount{});
  CHECK(c.w.validator(0).stake == dg(660));
  CHECK(c.w.validator(0).standing() == standing::expelled);
  const auto slashes = c.w.heard<happened::slashed>();
  REQUIRE(slashes.size() == 2);
  CHECK(slashes[0].pending);
  CHECK_FALSE(slashes[1].pending);
  CHECK(slashes[1].reason == "wrong_result");
}

TEST_CASE("R27 out of a slash come fees, bounty and refund, and the rest is burned") {
  courtroom c;
  const auto user = c.w.balance(user_key(0));
  const auto x = c.convict();
  amount checkers;
  for (std::uint32_t i = 1; i < 7; ++i)
    checkers += c.w.balance(validator_key(i)) - dg(100);
  // Nine answers (three and six) of 0.2 DG each, and 15 DG of bounty.
  CHECK(checkers == amount{units_per_dg * 18 / 10} + dg(15) -
                      amount{dg(15).units - dg(15).units / 9 * 9});
  CHECK(c.w.balance(user_key(0)) - user == dg(1));
  CHECK(c.w.machine.where_supply_is().burned == dg(340) - checkers - dg(1));
}

TEST_CASE("R27 the user's money comes back: a convicted job is never paid") {
  courtroom c;
  const auto x = c.convict();
  const auto epoch = std::uint64_t{x.paper.content.sequence};
  REQUIRE(c.w.collect(user_key(1), world::claim_of(x, epoch)).code == 0);
  CHECK(c.w.machine.find_session(c.session)->paid == amount{});
  CHECK(c.w.heard<happened::claim_paid>().back().to_validator == amount{});
  CHECK(c.w.heard<happened::claim_paid>().back().units == 0);
}

TEST_CASE("R27 by default fractions a third offence takes all, and expels") {
  courtroom c(all_drawn(), dg(3'500));
  (void)c.convict();
  CHECK(c.w.validator(0).stake == dg(2'310));
  CHECK(c.w.validator(0).active());
  (void)c.convict();
  CHECK(c.w.validator(0).stake == dg(1'120));
  CHECK(c.w.validator(0).active());
  (void)c.convict();
  CHECK(c.w.validator(0).stake == amount{});
  CHECK(c.w.validator(0).standing() == standing::expelled);
  CHECK(c.w.heard<happened::unpaired>().size() == 1);
  CHECK_FALSE(c.w.machine.find_session(c.session)->paired);
}

TEST_CASE("R27 what has nothing left is not slashed again: a further wrong result of an expelled "
          "validator is convicted and unpaid, and no slash of 0 DG is announced") {
  courtroom c(all_drawn(), dg(3'500));
  for (int i = 0; i < 3; ++i)
    (void)c.convict();
  REQUIRE(c.w.validator(0).stake == amount{});
  CHECK(c.w.heard<happened::slashed>().size() == 6);  // three pending, three final
  const auto x = c.convict();
  CHECK(c.w.audit(x).ruling.outcome == audit_outcome::fault);
  CHECK(c.w.heard<happened::slashed>().size() == 6);
  for (const auto& effect : c.w.audit(x).effects)
    CHECK(effect.value > amount{});
  REQUIRE(c.w.collect(user_key(1), world::claim_of(x, x.paper.content.sequence)).code == 0);
  CHECK(c.w.heard<happened::claim_paid>().back().to_validator == amount{});
}

TEST_CASE("R19 a right result challenged by all three is cleared by the last stage, and they pay") {
  courtroom c;
  const auto x = c.try_job(hash("right"), {hash("false")});
  const auto liars = c.w.audit(x).stages.front().seats;
  const auto& everyone = c.w.audit(x).stage().seats;
  for (const auto& seat : std::vector(everyone))
    c.w.commit(x, seat.checker, hash("right"));
  for (const auto& seat : std::vector(c.w.audit(x).stage().seats))
    c.w.reveal(x, seat.checker, hash("right"));
  CHECK(c.w.audit(x).ruling.outcome == audit_outcome::pass);
  CHECK(c.w.validator(0).stake == dg(1'000));
  for (const auto& seat : liars) {
    CHECK(c.w.validator(seat.checker.value).stake == dg(950));
    CHECK(c.w.validator(seat.checker.value).standing() == standing::expelled);
  }
}

TEST_CASE("R20 whitepaper mode: on parity a fifth checker decides, and the losers pay") {
  courtroom c(all_drawn(audit_mode::whitepaper), dg(2'000));
  const auto x = c.try_job(hash("wrong"), {hash("right"), hash("right"), hash("wrong")});
  REQUIRE(c.w.audit(x).stage().kind == ledger::stage_kind::fifth);
  const auto accomplice = c.w.audit(x).stages.front().seats[2].checker;
  c.w.check_all(x, {hash("right")});
  c.w.wait(c.w.start.params.appeal_window_ms + 500);
  CHECK(c.w.audit(x).ruling.rule == audit_rule::n3p);
  CHECK(c.w.validator(0).stake == dg(1'320));
  CHECK(c.w.validator(accomplice.value).stake == dg(1'900));
}

TEST_CASE("R19 whitepaper mode: a user that contradicts its receipt voids the audit and its bond") {
  courtroom c(all_drawn(audit_mode::whitepaper));
  const auto x = c.w.make_job(user_key(0), c.session);
  c.w.settle(x, 1);
  c.w.open(x);
  c.w.check_all(x, {x.result});
  REQUIRE(c.w.open_commitment(x).code == 0);
  REQUIRE(c.w.say(user_key(0), c.w.evidence(user_key(0), x, hash("lie"))).code == 0);
  CHECK(c.w.audit(x).ruling.outcome == audit_outcome::void_audit);
  CHECK(c.w.machine.find_session(c.session)->bond == amount{});
  CHECK(c.w.machine.find_session(c.session)->closed);
  CHECK(c.w.validator(0).stake == dg(1'000));
}

TEST_CASE("R19 a receipt over another digest convicts as equivocated, without any checker") {
  courtroom c;
  const auto x = c.w.make_job(user_key(0), c.session);
  c.w.settle(x, 1);
  c.w.open(x);
  c.w.check_all(x, {x.result});
  REQUIRE(c.w.open_commitment(x).code == 0);
  auto given = x.paper;
  given.content.commitment = commitment_of(x.salt, x.id(), 0, {0}, hash("given"));
  given.validator = sign(validator_key(0), receipt_statement(given.order.content, given.content,
                                                             given.deadline_ms));
  auto accusation = c.w.evidence(user_key(0), x, hash("given"));
  accusation.held = given;
  accusation.salt = x.salt;
  REQUIRE(c.w.say(user_key(0), accusation).code == 0);
  CHECK(c.w.audit(x).ruling.rule == audit_rule::c);
  CHECK(c.w.heard<happened::slashed>().back().reason == "equivocated");
}

TEST_CASE("a commitment that nobody opens within the grace period is withheld") {
  courtroom c;
  const auto x = c.w.make_job(user_key(0), c.session);
  c.w.settle(x, 1);
  c.w.open(x);
  c.w.check_all(x, {x.result});
  c.w.wait(c.w.start.params.audit_grace_ms - 2'000);
  CHECK_FALSE(c.w.audit(x).convicted);
  c.w.wait(2'500);
  CHECK(c.w.audit(x).convicted);
  CHECK(c.w.heard<happened::slashed>().back().reason == "withheld");
}

TEST_CASE("no-shows are replaced one by one, twice, and lose their turn, not their stake") {
  courtroom c;
  const auto x = c.w.make_job(user_key(0), c.session);
  c.w.settle(x, 1);
  c.w.open(x);
  const auto silent = c.w.audit(x).stage().seats;
  c.w.wait(c.w.start.params.commit_window_ms);
  REQUIRE(c.w.open_commitment(x).code == 0);
  REQUIRE(c.w.say(user_key(0), c.w.evidence(user_key(0), x, x.result)).code == 0);
  c.w.block();
  REQUIRE(c.w.audit(x).stage().kind == ledger::stage_kind::refill);
  c.w.block();
  c.w.check_all(x, {x.result});
  c.w.block();
  CHECK(c.w.audit(x).stage().slot == 1);  // the next empty seat
  c.w.check_all(x, {x.result});
  c.w.block();
  CHECK(c.w.audit(x).refills == 2);
  CHECK(c.w.audit(x).stage().kind == ledger::stage_kind::last);
  for (const auto& seat : silent) {
    CHECK(c.w.validator(seat.checker.value).stake == dg(1'000));
    CHECK(c.w.validator(seat.checker.value).barred_until_ms > c.w.machine.now().clock->live_ms);
  }
}

TEST_CASE("an appeal to the last stage returns the slash, the bond and the payment") {
  courtroom c(all_drawn(), dg(1'000), 16);
  const auto x = c.try_job(hash("right"), {hash("false")});
  REQUIRE(c.w.audit(x).stage().kind == ledger::stage_kind::escalation);
  c.w.check_all(x, {hash("false")});  // nine of nine against it
  REQUIRE(c.w.audit(x).convicted);
  CHECK(c.w.say(validator_key(1), tx::appeal{x.id(), 0}).code ==
        code<tx::appeal>(std::uint8_t{16}));
  const auto before = c.w.balance(validator_key(0));
  REQUIRE(c.w.say(validator_key(0), tx::appeal{x.id(), 0}).code == 0);
  CHECK(c.w.machine.where_supply_is().appeal_bonds == dg(50));
  c.w.block();
  c.w.check_all(x, {hash("right")});
  CHECK(c.w.audit(x).ruling.outcome == audit_outcome::pass);
  CHECK(c.w.validator(0).stake == dg(1'000));
  CHECK(c.w.validator(0).active());
  CHECK(c.w.balance(validator_key(0)) == before);
  REQUIRE(c.w.collect(user_key(1), world::claim_of(x, x.paper.content.sequence)).code == 0);
  CHECK(c.w.heard<happened::claim_paid>().back().units == 1'000);
}

TEST_CASE("an appeal is open to a validator that holds nothing but its stake: the bond comes out of "
          "it, back with a right result, and is lost with a wrong one") {
  for (const bool right : {true, false}) {
    CAPTURE(right);
    courtroom c(all_drawn(), dg(1'000), 16);
    const auto balance = c.w.balance(validator_key(0));
    REQUIRE(c.w.pay(validator_key(0), tx::transfer{user_key(1).identity, balance - dg(20)}).code == 0);
    const auto x = c.try_job(hash("right"), {hash("false")});
    c.w.check_all(x, {hash("false")});
    REQUIRE(c.w.validator(0).stake == dg(660));
    REQUIRE(c.w.say(validator_key(0), tx::appeal{x.id(), 0}).code == 0);
    CHECK(c.w.balance(validator_key(0)) == amount{});
    CHECK(c.w.validator(0).stake == dg(630));
    c.w.block();
    c.w.check_all(x, {right ? hash("right") : hash("false")});
    c.w.wait(500);
    CHECK(c.w.validator(0).stake == (right ? dg(1'000) : dg(630)));
    CHECK(c.w.balance(validator_key(0)) == (right ? dg(20) : amount{}));
  }
}
