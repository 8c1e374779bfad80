// Attacks on audits that need no dispute; those by disputes, canaries, votes and self-dealing lie
// with their rules, each named "attack: …" too.
#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/disputes.hpp"

using namespace ledger_test;

namespace {

/// Audits `x` and tells what `said` would have the user say; the last stage finds `truth`.
void try_job(world& w, const job& x, const digest& said, const digest& truth) {
  w.settle(x, x.paper.content.sequence, true);
  w.open(x);
  w.check_all(x, {truth});
  REQUIRE(w.open_commitment(x).code == 0);
  REQUIRE(w.say(user_key(0), w.evidence(user_key(0), x, said)).code == 0);
  w.block();
  if (w.audit(x).stage().kind == ledger::stage_kind::last)
    w.check_all(x, {truth});
}

}  // namespace

TEST_CASE("attack: user and validator veto by contradiction: a lie costs the bond and stops no audit") {
  world w;
  const auto id = w.paired_session(user_key(0), dg(1'000));
  const auto wrong = w.make_job(user_key(0), id, 0, hash("wrong"));
  try_job(w, wrong, hash("lie"), hash("right"));
  CHECK(w.audit(wrong).ruling.outcome == audit_outcome::fault);
  CHECK(w.audit(wrong).user_pays);
  w.wait(w.start.params.appeal_window_ms + 500);
  CHECK(w.validator(0).stake == dg(660));
  CHECK(w.machine.find_session(id)->bond == amount{});
  CHECK(w.machine.find_session(id)->closed);  // nothing would keep it from going on
  REQUIRE(w.heard<happened::bond_forfeited>().size() == 1);
  CHECK(w.heard<happened::bond_forfeited>()[0].value == w.start.params.user_bond);
}

TEST_CASE("attack: a slash returned through friends: what no friend can get back is burned") {
  world w;
  const auto id = w.paired_session(user_key(0), dg(1'000));
  const auto x = w.make_job(user_key(0), id, 0, hash("wrong"));
  try_job(w, x, hash("wrong"), hash("right"));  // every seat and the user are friends
  w.wait(w.start.params.appeal_window_ms + 500);
  CHECK(w.validator(0).slashed == dg(340));
  CHECK(w.machine.where_supply_is().burned >=
        unrecoverable_slash(w.start.params, dg(1'000), dg(1'000)));
}

TEST_CASE("attack: knowing the draw early: no beacon exists before the block that orders the leaves") {
  world w;
  const auto id = w.paired_session(user_key(0));
  const std::vector jobs{w.make_job(user_key(0), id), w.make_job(user_key(0), id)};
  const auto height = w.machine.height() + 1;
  const auto done = w.block({ledger::make_unsigned(w.chain(), w.make_checkpoint(w.content_of(jobs)))});
  REQUIRE(done.outcomes[0].code == 0);
  CHECK(done.beacon_requests == std::vector{height});  // shares may be released from now on
  CHECK_FALSE(w.machine.find_checkpoint(1)->beacon);
  CHECK(w.machine.find_checkpoint(1)->drawn.empty());
  w.block();
  CHECK(w.machine.find_checkpoint(1)->beacon);
}

TEST_CASE("attack: inflated units are another result, and another price than the ticket's") {
  world w;
  const auto id = w.paired_session(user_key(0));
  auto x = w.make_job(user_key(0), id);
  const auto holds = [&x, &w] {
    return check(x.paper, user_key(0).identity, validator_key(0).identity, w.checker);
  };
  CHECK(holds() == receipt_check::ok);
  x.paper.content.units += 1;
  CHECK(holds() == receipt_check::wrong_fee);
  x.paper.content.fee = price_of(x.paper.order.content, x.paper.content.units);
  CHECK(holds() == receipt_check::wrong_fee);  // beyond what the ticket buys
  result_header honest{.kernel = {"merkle.root", 0}, .units = 500, .root = hash("root")};
  auto inflated = honest;
  inflated.units = 1'000;
  CHECK(digest_of(honest) != digest_of(inflated));  // so no checker's digest equals it
}

TEST_CASE("attack: a free job from every stand-in: other work under the next attempt costs the bond and "
          "ends the session") {
  world w;
  const auto id = w.paired_session(user_key(0));
  const auto x = w.make_job(user_key(0), id);
  const auto again = [&](std::uint32_t stand_in, const digest& input) {
    auto order = x.paper.order.content;
    order.attempt = static_cast<std::uint8_t>(stand_in);
    order.validator = {stand_in};
    order.unit_price += 1;
    order.input = input;
    return signed_ticket{order, sign(user_key(0), ticket_statement(order))};
  };
  // The same work for the next validator is what fail-over is for.
  CHECK(w.prove(tx::twin_tickets{x.paper.order, again(1, x.paper.order.content.input)}).code ==
        code<tx::twin_tickets>(ledger::dispute_check::not_twins));
  REQUIRE(w.prove(tx::twin_tickets{x.paper.order, again(2, hash("other work"))}).code == 0);
  CHECK(w.machine.find_session(id)->bond == amount{});
  CHECK(w.machine.find_session(id)->closed);
  CHECK_FALSE(w.machine.find_session(id)->paired);
  CHECK(w.heard<happened::bond_forfeited>().size() == 1);
}

TEST_CASE("attack: no-show veto: silent checkers are replaced, and at last everybody is asked") {
  world w;
  const auto id = w.paired_session(user_key(0), dg(1'000));
  const auto x = w.make_job(user_key(0), id, 0, hash("wrong"));
  w.settle(x, 1);
  w.open(x);
  REQUIRE(w.run(w.duty(validator_key(0), tx::open_commitment{x.id(), 0, x.salt, x.result})).code != 0);
  w.wait(w.start.params.commit_window_ms);  // all three are silent: friends of the validator
  REQUIRE(w.open_commitment(x).code == 0);
  for (int i = 0; i < 60 && w.audit(x).stage().kind != ledger::stage_kind::last; ++i)
    w.wait(500);
  CHECK(w.audit(x).refills == 2);
  REQUIRE(w.audit(x).stage().kind == ledger::stage_kind::last);
  w.block();
  w.check_all(x, {hash("right")});
  w.wait(w.start.params.reveal_window_ms + w.start.params.appeal_window_ms + 500);
  CHECK(w.audit(x).ruling.outcome == audit_outcome::fault);
  CHECK(w.validator(0).stake == dg(660));
}

TEST_CASE("attack: double payment by fail-over on Heavy: one claim per session and epoch, by the sums") {
  world w;
  const auto id = w.paired_session(user_key(0));
  const auto x = w.make_job(user_key(0), id);
  w.audit_once(user_key(0), x, {x.result});
  const auto claim = world::claim_of(x, x.paper.content.sequence);
  REQUIRE(w.collect(user_key(3), claim).code == 0);
  const auto paid = w.machine.find_session(id)->paid;
  CHECK(w.say(user_key(3), claim).code ==
        code<tx::claim>(ledger::claim_check::already_claimed));
  auto stand_in = claim;
  stand_in.validator = {1};
  CHECK(w.say(user_key(3), stand_in).code == code<tx::claim>(ledger::claim_check::bad_path));
  CHECK(w.machine.find_session(id)->paid == paid);
}
