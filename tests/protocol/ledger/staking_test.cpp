#include "tests/support/committee_fixture.hpp"

#include "protocol/ledger/staking.hpp"

using namespace ledger_test;
using ledger::staking_check;

TEST_CASE("R27 joining takes at least the minimum stake, a name, an ask, and a fresh key") {
  world w;
  const auto join = [&w](const key_pair& who, tx::join x) { return w.pay(who, x).code; };
  const auto number = [](staking_check x) { return code<tx::join>(x); };
  const tx::join good{.operator_id = 9, .stake = dg(1'000), .ask = nano_per_dg, .name = "new"};
  auto bad = good;
  bad.stake = dg(999);
  CHECK(join(user_key(0), bad) == number(staking_check::below_minimum));
  bad.stake = dg(10'001);
  CHECK(join(user_key(0), bad) == number(staking_check::insufficient_funds));
  bad = good;
  bad.name = std::string(33, 'x');
  CHECK(join(user_key(0), bad) == number(staking_check::bad_name));
  bad = good;
  bad.ask = 0;
  CHECK(join(user_key(0), bad) == number(staking_check::no_ask));
  CHECK(join(user_key(0), good) == 0);
  CHECK(join(user_key(0), good) == number(staking_check::already_registered));
  CHECK(w.validator(7).active());
  CHECK(w.heard<happened::validator_admitted>().back().name == "new");
}

TEST_CASE("only an active validator sets an ask or leaves") {
  world w;
  CHECK(w.pay(user_key(0), tx::set_ask{5}).code ==
        code<tx::set_ask>(staking_check::not_a_validator));
  CHECK(w.pay(validator_key(0), tx::set_ask{0}).code == code<tx::set_ask>(staking_check::no_ask));
  CHECK(w.pay(validator_key(0), tx::set_ask{nano_per_dg - 5}).code == 0);
  CHECK(w.validator(0).ask == nano_per_dg - 5);
  CHECK(w.pay(validator_key(0), tx::leave{}).code == 0);
  CHECK(w.pay(validator_key(0), tx::leave{}).code == code<tx::leave>(staking_check::not_active));
}

TEST_CASE("R27 a leaving validator loses its pairings at once, its stake after unbonding") {
  auto p = all_drawn();
  p.fast_committee_max = 4;
  world w(test_genesis(p));
  const auto id = w.open_session(user_key(0));
  REQUIRE(w.say(user_key(0), w.report(id, {w.answer(id, 5, 100)})).code == 0);  // no Fast author
  REQUIRE(w.pay(validator_key(5), tx::leave{}).code == 0);
  CHECK_FALSE(w.machine.find_session(id)->paired);
  CHECK(w.heard<happened::unpaired>().size() == 1);
  CHECK(w.machine.where_supply_is().unbonding == dg(1'000));
  w.wait(w.start.params.unbonding_ms - 500);
  CHECK(w.balance(validator_key(5)) == dg(100));
  w.wait(1'000);
  CHECK(w.balance(validator_key(5)) == dg(1'100));
}

TEST_CASE("R27 a leaving validator's stake waits for the end of an open audit of its work") {
  auto p = all_drawn();
  p.fast_committee_max = 4;
  world w(test_genesis(p));
  const auto id = w.open_session(user_key(0));
  REQUIRE(w.say(user_key(0), w.report(id, {w.answer(id, 5, 100)})).code == 0);
  const auto x = w.make_job(user_key(0), id, 5);
  REQUIRE(w.pay(validator_key(5), tx::leave{}).code == 0);
  w.wait(w.start.params.unbonding_ms - 2'000);
  w.settle(x, x.paper.content.sequence);
  w.open(x);
  w.wait(2'500);
  CHECK(w.balance(validator_key(5)) == dg(100));
  w.check_all(x, {x.result});
  REQUIRE(w.open_commitment(x).code == 0);
  REQUIRE(w.say(user_key(0), w.evidence(user_key(0), x, x.result)).code == 0);
  w.wait(w.start.params.appeal_window_ms + 500);
  CHECK(w.balance(validator_key(5)) == dg(1'100));
}

TEST_CASE("a leaving validator that serves on the Fast committee keeps its stake there till after") {
  committee_world w(election_genesis(with_committees(16, 16)));
  REQUIRE(w.pay(validator_key(0), tx::leave{}).code == 0);
  w.wait(w.start.params.unbonding_ms + 500);
  CHECK(w.balance(validator_key(0)) == dg(100));
  w.ready_fast();
  REQUIRE(w.hand_over_fast().code == 0);
  w.wait(w.start.params.unbonding_ms - 500);
  CHECK(w.balance(validator_key(0)) == dg(100));
  w.wait(1'000);
  CHECK(w.balance(validator_key(0)) == dg(1'100));
}
