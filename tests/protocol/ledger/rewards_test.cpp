#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/emission.hpp"
#include "protocol/ledger/rewards.hpp"

using namespace ledger_test;

TEST_CASE("R26 the reward is the floor of the share, and zero work is paid nothing") {
  parameters p;
  p.reward_cap = false;
  CHECK(ledger::reward_of(p, {100}, {.units = 1, .cap = {}}, 3) == amount{33});
  CHECK(ledger::reward_of(p, {100}, {.units = 0, .cap = {}}, 0) == amount{});
  p.reward_cap = true;
  CHECK(ledger::reward_of(p, {100}, {.units = 1, .cap = {5}}, 3) == amount{5});
}

TEST_CASE("R30 emission moves 4560 DG a day from the reserve to the pool, the first at genesis") {
  world w;
  w.block();
  CHECK(w.machine.where_supply_is().reward_pool == dg(4'560));
  w.block({}, day_ms);
  CHECK(w.machine.where_supply_is().reward_pool == dg(9'120));
  CHECK(w.machine.where_supply_is().unreleased == dg(15'000'000 - 9'120));
  w.block({}, 1'100 * day_ms);  // days during an outage are not lost
  CHECK(w.machine.where_supply_is().unreleased == dg(15'000'000) - emission_released(1'102));
}

TEST_CASE("R26 matured work is rewarded at the end of the epoch, capped, the rest is carried") {
  world w;
  const auto id = w.paired_session(user_key(0));
  const auto x = w.make_job(user_key(0), id);
  w.audit_once(user_key(0), x, {x.result});
  REQUIRE(w.say(user_key(1), world::claim_of(x, 1)).code == 0);
  const auto pool = w.machine.where_supply_is().reward_pool;
  const auto before = w.balance(validator_key(0));
  w.wait(w.start.params.epoch_ms);
  // 0.02 DG burned and 1,000 units at 10^-6 DG of floor cost.
  const amount cap{units_per_dg * 2 / 100 + units_per_dg / 1'000};
  CHECK(w.balance(validator_key(0)) - before == cap);
  CHECK(pool - w.machine.where_supply_is().reward_pool == cap);
  CHECK(w.heard<happened::rewarded>().back().units == 1'000);
}
