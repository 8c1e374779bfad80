#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/emission.hpp"
#include "protocol/ledger/rewards.hpp"

using namespace ledger_test;

TEST_CASE("R26 the reward is the floor of the share, and zero work is paid nothing") {
  parameters p;
  p.reward_cap = false;
  CHECK(ledger::reward_of(p, {100}, {.units = 1, .claims = {{1, {}}}}, 3) == amount{33});
  CHECK(ledger::reward_of(p, {100}, {}, 0) == amount{});
  CHECK(ledger::reward_of(p, {100}, {}, 3) == amount{});
  p.reward_cap = true;
  CHECK(ledger::reward_of(p, {100}, {.units = 1, .claims = {{1, {5}}}}, 3) == amount{5});
  // 33 of the first claim's part, and only 5 of the second's, though the first leaves room for more.
  CHECK(ledger::reward_of(p, {100}, {.units = 2, .claims = {{1, {90}}, {1, {5}}}}, 3) ==
        amount{38});
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

TEST_CASE("R30 emission does not depend on when and how often the chain asks") {
  std::random_device device;
  const auto seed = std::uint64_t{device()} << 32 | device();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int pattern = 0; pattern < 40; ++pattern) {
    world w;
    const auto start = w.start.time_ms;
    const auto years = 1 + random() % 230;
    const auto until = start + years * 365 * day_ms + random() % day_ms;
    const auto blocks = 1 + random() % 60;
    while (w.clock_ms < until) {
      // Idle spells of all lengths, seconds to decades.
      const auto most = (until - start) / blocks * 2;
      const auto passed = 1 + random() % (random() % 4 == 0 ? 10'000 : most);
      w.block({}, std::min(passed, until - w.clock_ms));
      const auto day = emission_day_at(w.clock_ms / 1'000, start / 1'000);
      const auto& treasury = *w.machine.now().treasury;
      REQUIRE(treasury.unreleased == emission_total - emission_released(day));
      REQUIRE(treasury.reward_pool == emission_released(day));  // nobody has worked
    }
  }
}

TEST_CASE("R26 matured work is rewarded at the end of the epoch, capped, the rest is carried") {
  world w;
  const auto id = w.paired_session(user_key(0));
  const auto x = w.make_job(user_key(0), id);
  w.audit_once(user_key(0), x, {x.result});
  REQUIRE(w.collect(user_key(1), world::claim_of(x, 1)).code == 0);
  const auto pool = w.machine.where_supply_is().reward_pool;
  const auto before = w.balance(validator_key(0));
  w.wait(w.start.params.epoch_ms);
  // 0.02 DG burned and 1,000 units at 10^-6 DG of floor cost.
  const amount cap{units_per_dg * 2 / 100 + units_per_dg / 1'000};
  CHECK(w.balance(validator_key(0)) - before == cap);
  CHECK(pool - w.machine.where_supply_is().reward_pool == cap);
  CHECK(w.heard<happened::rewarded>().back().units == 1'000);
}
