// Further Echoes (R13; protocol.md section 2, step 2): on request, periodic, and when the latency
// degrades; paid for beforehand, and never two at once.

#include "actors/echo_door.hpp"

#include "tests/support/client.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

parameters rare_echoes() {
  auto p = dev_preset();
  p.echo_period_ms = hour_ms;
  return p;
}

validator_id paired_now(const heavy_log& log) {
  validator_id result;
  log.each<happened::paired>([&](const auto& x) { result = x.validator; });
  return result;
}

}  // namespace

TEST_CASE("R13 Echo on request: it is paid for before its packages go out, every validator is timed "
          "again, and the next one has to wait") {
  virtual_cluster net{{.params = rare_echoes()}};
  heavy_log log{net};
  client alice{net};
  CHECK(log.count<happened::echo_opened>() == 0);
  const auto again = alice.echo();
  REQUIRE_MESSAGE(again.code == ec::ok, again.reason);
  CHECK(again.validator == alice.validator);
  CHECK(log.count<happened::echo_opened>() == 1);
  CHECK(log.count<happened::paired>() == 2);
  REQUIRE(again.echo.size() == 7);
  for (const auto& line : again.echo) {
    CHECK(line.answered);
    CHECK(line.correct);
  }
  const auto soon = alice.echo();
  CHECK(soon.code == ec::busy);
  CHECK_MESSAGE(soon.reason.find("may be asked for in") != std::string::npos, soon.reason);
  net.sim.run_for(10'000);
  CHECK(alice.echo().code == ec::ok);
  CHECK(log.count<happened::echo_opened>() == 2);
}

TEST_CASE("R13 periodic Echo: a session asks for one when its period has passed, and not before") {
  auto p = dev_preset();
  p.echo_period_ms = 30'000;
  virtual_cluster net{{.params = p}};
  heavy_log log{net};
  client alice{net};
  net.sim.run_for(25'000);
  CHECK(log.count<happened::echo_opened>() == 0);
  net.sim.run_for(10'000);
  CHECK(log.count<happened::echo_opened>() == 1);
  CHECK(log.count<happened::paired>() == 2);
}

TEST_CASE("R13 degraded latency: round trips that stay beyond the factor lead to another Echo and "
          "another pairing, a single slow one does not") {
  const auto slow_us = std::make_shared<std::uint64_t>(0);
  virtual_cluster net{{.params = rare_echoes(),
                       .extra_delay_us = [slow_us](const peer& a, const peer& b) {
                         const peer nearest{role::validator, 0};
                         return a == nearest || b == nearest ? *slow_us : 0;
                       }}};
  heavy_log log{net};
  client alice{net};
  REQUIRE(alice.validator == validator_id{0});
  const auto work = [&](int jobs) {
    for (int i = 0; i < jobs; ++i) {
      REQUIRE(alice.run().code == ec::ok);
      net.sim.run_for(6'000);
    }
  };
  *slow_us = 20'000;
  work(1);
  *slow_us = 0;
  work(4);
  CHECK(log.count<happened::echo_opened>() == 0);
  *slow_us = 20'000;
  work(4);
  CHECK(log.count<happened::echo_opened>() == 1);
  CHECK(paired_now(log) == validator_id{1});
  work(4);
  CHECK(log.count<happened::echo_opened>() == 1);
}

TEST_CASE("R10 Echo door: packages of a paired session are answered when they are paid for, one "
          "package each, and first ones now and then") {
  ledger::view heavy = ledger::view_of(genesis{});
  heavy.validators[{0}] = {.now = happened::standing::active};
  const session_id alice{1}, mallory{2};
  heavy.sessions[alice].paired = validator_id{0};
  heavy.sessions[mallory] = {};
  echo_door door;
  const auto package = [](session_id who, int nonce) {
    return v1::echo_package{{}, who, hash("nonce", nonce)};
  };
  CHECK_FALSE(door.admits(heavy, package(alice, 1), 0));
  door.hear(happened::echo_opened{alice, {}, 5'000});
  CHECK(door.admits(heavy, package(alice, 1), 1));
  CHECK(door.admits(heavy, package(alice, 1), 2));  // lost on the way, sent again
  CHECK_FALSE(door.admits(heavy, package(alice, 2), 3));
  heavy.live_ms = 5'001;
  CHECK_FALSE(door.admits(heavy, package(alice, 1), 4));

  CHECK(door.admits(heavy, package(mallory, 1), 10));
  CHECK_FALSE(door.admits(heavy, package(mallory, 2), 11));
  CHECK(door.admits(heavy, package(mallory, 3), 1'010));
  heavy.validators[{0}].now = happened::standing::frozen;
  CHECK(door.admits(heavy, package(alice, 3), 1'020));  // its validator is gone

  int answered = 0;
  for (std::uint64_t i = 0; i < 100; ++i)
    answered += door.admits(heavy, package({100 + i}, 1), 2'000);
  CHECK(answered == 4);
}
