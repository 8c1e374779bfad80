#include "tests/support/virtual_cluster.hpp"

#include "actors/user.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

v1::session_wish wish(ledger::tx::pairing_mode mode) {
  return {.mode = mode, .bid = 5'000, .escrow = dg(1'000)};
}

v1::job_wish merkle_job(std::size_t size) {
  return {.kernel = {"merkle.root", 0},
          .parameters = "",
          .input = blob{bytes(size, 7)},
          .units_max = 1'000'000};
}

}  // namespace

TEST_CASE("R11 job path: a latency-mode user is paired with the validator nearest to it, and its job "
          "returns before the block that commits it") {
  virtual_cluster net;
  const auto alice = net.user(0);
  const auto ready = net.sim.ask<v1::session_ready>(alice, wish(ledger::tx::pairing_mode::latency));
  REQUIRE(net.sim.run_until([&] { return ready->has_value(); }, 20'000));
  CHECK_MESSAGE((*ready)->code == ec::ok, (*ready)->reason);
  CHECK((*ready)->validator == validator_id{0});
  REQUIRE((*ready)->echo.size() == 7);
  CHECK((*ready)->echo[0].correct);
  CHECK((*ready)->echo[0].round_trip_us < (*ready)->echo[6].round_trip_us);

  const auto done = net.sim.ask<v1::job_outcome>(alice, merkle_job(100'000));
  const auto before = net.net->now_us();
  REQUIRE(net.sim.run_until([&] { return done->has_value(); }, 5'000));
  CHECK_MESSAGE((*done)->code == ec::ok, (*done)->reason);
  CHECK((*done)->output.size() == 32);
  CHECK(net.net->now_us() - before < 10'000);  // two hops of 3.2 ms: no chain on the way
}

TEST_CASE("R14 R15 R26 job path: jobs are ordered, settled, drawn, audited and paid, and every unit of "
          "money stays in a bucket") {
  virtual_cluster net;
  const auto alice = net.user(0);
  const auto ready = net.sim.ask<v1::session_ready>(alice, wish(ledger::tx::pairing_mode::latency));
  REQUIRE(net.sim.run_until([&] { return ready->has_value(); }, 20'000));
  for (int i = 0; i < 20; ++i) {
    const auto done = net.sim.ask<v1::job_outcome>(alice, merkle_job(1000 + i));
    REQUIRE(net.sim.run_until([&] { return done->has_value(); }, 5'000));
    CHECK_MESSAGE((*done)->code == ec::ok, (*done)->reason);
  }
  heavy_log log{net};
  net.sim.run_for(60'000);
  CHECK(log.count<ledger::happened::checkpoint_settled>() > 0);
  CHECK(log.count<ledger::happened::check_requested>() > 0);
  CHECK(log.count<ledger::happened::audit_settled>() > 0);
  log.each<ledger::happened::audit_settled>([](const auto& x) { CHECK(x.outcome == "pass"); });
  CHECK(log.count<ledger::happened::claim_paid>() > 0);
  CHECK(log.count<ledger::happened::rewarded>() > 0);
}

TEST_CASE("R17 R18 R19 R27 audit: a validator that returns wrong results is convicted, slashed, and "
          "finally expelled, and its user gets the price back and another validator") {
  virtual_cluster net{{.liars = {0}}};
  heavy_log log{net};
  const auto alice = net.user(0);
  const auto ready = net.sim.ask<v1::session_ready>(alice, wish(ledger::tx::pairing_mode::latency));
  REQUIRE(net.sim.run_until([&] { return ready->has_value(); }, 20'000));
  REQUIRE((*ready)->validator == validator_id{0});
  const auto expelled = [&] {
    bool result = false;
    log.each<ledger::happened::validator_changed>([&](const auto& x) {
      result = result || x.now == ledger::happened::standing::expelled;
    });
    return result;
  };
  int refused = 0;
  for (int i = 0; i < 400 && !expelled(); ++i) {
    const auto done = net.sim.ask<v1::job_outcome>(alice, merkle_job(2000 + i));
    REQUIRE(net.sim.run_until([&] { return done->has_value(); }, 20'000));
    refused += (*done)->code != ec::ok;
    net.sim.run_for(300);
  }
  CHECK(expelled());
  CHECK(log.count<ledger::happened::slashed>() >= 2);
  net.sim.run_for(20'000);
  const auto after = net.sim.ask<v1::job_outcome>(alice, merkle_job(5000));
  REQUIRE(net.sim.run_until([&] { return after->has_value(); }, 20'000));
  CHECK_MESSAGE((*after)->code == ec::ok, (*after)->reason);
  CHECK((*after)->receipt.content.validator() != validator_id{0});
}

TEST_CASE("R13 job path: a job for a paired validator that goes on hearing nothing of its pairing is done "
          "by a stand-in") {
  const auto hard_of_hearing = std::make_shared<std::optional<validator_id>>();
  const auto pair_and_run = [&] {
    virtual_cluster net{
      {.extra_delay_us = [hard_of_hearing](const peer& from, const peer& to) -> std::uint64_t {
        const bool news = from.kind == role::heavy_author && to.kind == role::validator;
        const bool late = news && *hard_of_hearing && to.index == (*hard_of_hearing)->value;
        return late ? 3'600'000'000 : 0;
      }}};
    const auto alice = net.user(0);
    const auto session = net.sim.ask<v1::session_ready>(alice, wish(ledger::tx::pairing_mode::random));
    REQUIRE(net.sim.run_until([&] { return session->has_value(); }, 20'000));
    REQUIRE_MESSAGE((*session)->code == ec::ok, (*session)->reason);
    const auto done = net.sim.ask<v1::job_outcome>(alice, merkle_job(1'000));
    REQUIRE(net.sim.run_until([&] { return done->has_value(); }, 20'000));
    return std::pair{(*session)->validator, **done};
  };
  const auto [validator, prompt] = pair_and_run();
  REQUIRE(prompt.code == ec::ok);
  CHECK(prompt.receipt.content.validator() == validator);

  *hard_of_hearing = validator;  // the same network once more, and the same draw
  const auto [again, done] = pair_and_run();
  REQUIRE(again == validator);
  REQUIRE_MESSAGE(done.code == ec::ok, done.reason);
  CHECK(done.receipt.content.validator() != validator);
  CHECK(done.receipt.content.attempt() == 1);
}

TEST_CASE(
  "R11 job path: a user that hears of its pairing before router and validator do has its first job "
  "done all the same, and a validator that goes on refusing cannot hold it up") {
  const auto late_us = std::make_shared<std::uint64_t>(800'000);
  virtual_cluster net{
    {.extra_delay_us = [late_us](const peer& from, const peer& to) -> std::uint64_t {
      const bool news = from.kind == role::heavy_author &&
                        (to.kind == role::validator || to.kind == role::router);
      return news ? *late_us : 0;
    }}};
  const auto alice = net.user(0);
  const auto ready = net.sim.ask<v1::session_ready>(alice, wish(ledger::tx::pairing_mode::latency));
  REQUIRE(net.sim.run_until([&] { return ready->has_value(); }, 20'000));
  REQUIRE_MESSAGE((*ready)->code == ec::ok, (*ready)->reason);
  const auto done = net.sim.ask<v1::job_outcome>(alice, merkle_job(1'000));
  REQUIRE(net.sim.run_until([&] { return done->has_value(); }, 5'000));
  CHECK_MESSAGE((*done)->code == ec::ok, (*done)->reason);
  CHECK((*done)->latency_us > 100'000);  // it was too early at first

  *late_us = 3'600'000'000;  // nobody there hears of the next session
  const auto second = net.sim.ask<v1::session_ready>(alice, wish(ledger::tx::pairing_mode::random));
  REQUIRE(net.sim.run_until([&] { return second->has_value(); }, 20'000));
  REQUIRE_MESSAGE((*second)->code == ec::ok, (*second)->reason);
  const auto refused = net.sim.ask<v1::job_outcome>(alice, merkle_job(1'000));
  REQUIRE(net.sim.run_until([&] { return refused->has_value(); }, 20'000));
  CHECK((*refused)->code == ec::unknown_session);
}
