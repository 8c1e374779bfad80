#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/sessions.hpp"

using namespace ledger_test;
using ledger::session_check;

namespace {

/// What the Echo of `paired_session` cost, when nothing is ever paid.
amount first_echo(const world& w) {
  return {w.start.params.echo_cost_per_validator.units * 3};
}

}  // namespace

TEST_CASE("R9 opening a session locks escrow, the audit bond and the deposit for its first Echo") {
  world w;
  const auto id = w.open_session(user_key(0), dg(100));
  CHECK(w.balance(user_key(0)) ==
        dg(10'000) - dg(100) - w.start.params.user_bond - w.start.params.echo_deposit);
  CHECK(w.machine.find_session(id)->free == dg(100));
  CHECK(w.machine.find_session(id)->bond == w.start.params.user_bond);
}

TEST_CASE("a session needs a bid, escrow, and the money for both") {
  world w;
  const auto refused = [&w](tx::open_session x) { return w.pay(user_key(0), x); };
  CHECK(refused({.bid = 0, .escrow = dg(1)}).code == code<tx::open_session>(session_check::no_bid));
  CHECK(refused({.bid = nano_per_dg}).code == code<tx::open_session>(session_check::no_escrow));
  const auto poor = refused({.bid = nano_per_dg, .escrow = dg(9'996)});
  CHECK(poor.code == code<tx::open_session>(session_check::insufficient_funds));
  CHECK(poor.reason == "escrow 9996 DG, bond 5 DG and Echo deposit 1 DG exceed the free balance "
                       "less the fee, 10000 DG");
  const auto huge = refused({.bid = nano_per_dg, .escrow = {~static_cast<uint128>(0)}});
  CHECK(huge.code == code<tx::open_session>(session_check::insufficient_funds));
}

TEST_CASE("R25 closing an unpaired session returns escrow and bond at once, to its user only") {
  world w;
  const auto id = w.open_session(user_key(0));
  CHECK(w.pay(user_key(1), tx::close_session{id}).code ==
        code<tx::close_session>(session_check::not_the_user));
  CHECK(w.pay(user_key(0), tx::close_session{{77}}).code ==
        code<tx::close_session>(session_check::unknown_session));
  CHECK(w.pay(user_key(0), tx::close_session{id}).code == 0);
  CHECK(w.balance(user_key(0)) == dg(10'000));
  CHECK(w.pay(user_key(0), tx::close_session{id}).code ==
        code<tx::close_session>(session_check::closed));
}

TEST_CASE("a lane outlives its session until the claims of its epoch have had their time") {
  world w;
  const auto id = w.paired_session(user_key(0));
  REQUIRE(w.pay(user_key(0), tx::close_session{id}).code == 0);
  CHECK(w.balance(user_key(0)) < dg(9'921));  // 80 of 100 DG are promised to three lanes
  const job none[1] = {};
  tx::checkpoint_content content{.sequence = 1, .claim_epoch = 1};
  content.closes = world::closed(std::span{none, 0}, 1);
  REQUIRE(w.prove(w.make_checkpoint(content)).code == 0);
  w.wait(ledger::claim_window_ms(w.start.params) - 1'000);
  CHECK(w.balance(user_key(0)) < dg(9'921));
  w.wait(2'000);
  CHECK(w.balance(user_key(0)) == dg(10'000) - first_echo(w));
}

TEST_CASE("a lane returns after the unbonding period even when no epoch is ever closed") {
  world w;
  const auto id = w.paired_session(user_key(0));
  REQUIRE(w.pay(user_key(0), tx::close_session{id}).code == 0);
  w.wait(w.start.params.unbonding_ms);
  CHECK(w.balance(user_key(0)) == dg(10'000) - first_echo(w));
}

TEST_CASE("escrow is promised once: lanes of a new pairing come from what is free") {
  world w;
  const auto id = w.paired_session(user_key(0), dg(100));
  const auto before = *w.machine.find_session(id);
  CHECK(before.lanes.at({0}).reserved == dg(60));
  CHECK(before.lanes.at({1}).reserved == dg(10));
  CHECK(before.lanes.at({2}).reserved == dg(10));
  REQUIRE(w.say(user_key(0), w.report(id, {w.answer(id, 5, 10)})).code == 0);
  const auto& after = *w.machine.find_session(id);
  CHECK(after.paired == validator_id{5});
  CHECK(after.lanes.at({0}).left() == dg(60));  // never below what was promised
  CHECK(after.lanes.at({5}).reserved > dg(11));  // 60 % of what was free, less the Echo
  w.wait(w.start.params.unbonding_ms);
  CHECK(w.machine.find_session(id)->lanes.at({0}).left() == amount{});
  CHECK(w.machine.find_session(id)->lanes.at({0}).reserved == amount{});  // what Fast may count on
  CHECK(w.machine.find_session(id)->lanes.at({5}).reserved > dg(64));
}
