// Who takes a user's jobs (protocol.md section 2, step 3, and section 4, market): nobody above its bid,
// and nobody at once while the session waits for its next pairing.

#include "tests/support/client.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

struct market {
  std::shared_ptr<bool> deaf = std::make_shared<bool>(false);  ///< No validator's word gets through.
  virtual_cluster net{
    {.extra_delay_us = [deaf = deaf](const peer& a, const peer& b) -> std::uint64_t {
      return *deaf && (a.kind == role::validator || b.kind == role::validator) ? 3'600'000'000 : 0;
    }}};
  heavy_log log{net};
  client alice{net, 0, 0, false, 2'200};
  std::map<std::uint32_t, std::uint64_t> nonces;  ///< Of validators' money moves.

  void say(std::uint32_t validator, ledger::transaction_body body) {
    const auto chain = heavy_chain_id(net.net_cluster->chain());
    net.net->send({role::gateway, 77}, {role::heavy_author, 1},
                  v1::submit_transaction{
                    ledger::make_transaction(
                      chain, development_key(development_kind::validator, validator),
                      ++nonces[validator], std::move(body)),
                    false});
  }
  void ask(std::uint32_t validator, std::uint64_t price) {
    say(validator, ledger::tx::set_ask{price});
    REQUIRE(net.sim.run_until([&] { return log.view().find(validator_id{validator})->ask == price; },
                              5'000));
    net.sim.run_for(500);  // the user hears of it too
  }
  happened::paired newest() const {
    happened::paired result;
    log.each<happened::paired>([&](const auto& x) { result = x; });
    return result;
  }
  /// The paired validator and its stand-ins retire at once.
  void all_payees_leave() {
    const auto last = newest();
    say(last.validator.value, ledger::tx::leave{});
    for (const auto id : last.stand_ins)
      say(id.value, ledger::tx::leave{});
    REQUIRE(net.sim.run_until([&] { return log.count<happened::unpaired>() == 1; }, 5'000));
  }
};

}  // namespace

TEST_CASE("R24 bid: of a validator whose ask rises above a session's bid the user orders nothing, its "
          "stand-in takes the job, and a further Echo finds another pairing") {
  market m;
  REQUIRE(m.alice.run().code == ec::ok);
  m.ask(0, 2'400);
  const auto pairings = m.log.count<happened::paired>();
  const auto done = m.alice.run();
  REQUIRE_MESSAGE(done.code == ec::ok, done.reason);
  CHECK(done.receipt.content.validator() == m.newest().stand_ins.at(0));
  CHECK(done.receipt.order.content.unit_price <= 2'200);
  REQUIRE(m.net.sim.run_until([&] { return m.log.count<happened::paired>() > pairings; }, 15'000));
  CHECK(m.newest().validator != validator_id{0});
}

TEST_CASE("R24 bid: when every validator asks more, a job is refused with the figures, and taken again "
          "when one asks less") {
  market m;
  for (std::uint32_t i = 0; i < 7; ++i)
    m.ask(i, 2'400);
  const auto done = m.alice.run();
  CHECK(done.code == ec::price_too_low);
  CHECK_MESSAGE(done.reason.find("bids 2200") != std::string::npos, done.reason);
  CHECK_MESSAGE(done.reason.find("is 2400") != std::string::npos, done.reason);
  m.ask(6, 2'100);
  const auto again = m.alice.run();
  REQUIRE_MESSAGE(again.code == ec::ok, again.reason);
  CHECK(again.receipt.order.content.validator == validator_id{6});
  CHECK(again.receipt.order.content.unit_price == 2'100);
}

TEST_CASE("R24 bid: whoever raised its ask a moment ago refuses the old price, and a stand-in takes the "
          "job") {
  market m;
  m.say(0, ledger::tx::set_ask{2'100});
  REQUIRE(m.net.sim.run_until([&] { return m.log.view().find(validator_id{0})->ask == 2'100; },
                              5'000));
  const auto done = m.alice.run();
  CHECK_MESSAGE(done.code == ec::ok, done.reason);
  CHECK(done.receipt.order.content.unit_price <= 2'100);
}

TEST_CASE("R13 re-pairing: a job given when the session's validator is gone goes to a stand-in, and one "
          "that nobody is left for waits for the next pairing") {
  market m;
  m.all_payees_leave();
  const auto first = m.alice.start();  // the user may not have heard yet
  m.net.sim.run_for(300);
  const auto second = m.alice.start();
  REQUIRE(m.net.sim.run_until([&] { return first->has_value() && second->has_value(); }, 20'000));
  for (const auto& x : {first, second})
    CHECK_MESSAGE((*x)->code == ec::ok, (*x)->reason);
  CHECK((*second)->receipt.content.validator() == m.newest().validator);
}

TEST_CASE("R13 re-pairing: a job waits for it no longer than its deadline, and then says why") {
  market m;
  *m.deaf = true;
  m.all_payees_leave();
  m.net.sim.run_for(500);
  const auto done = m.alice.start();
  m.net.sim.run_for(user_config{}.job_timeout_ms - 1'000);
  CHECK_FALSE(done->has_value());
  REQUIRE(m.net.sim.run_until([&] { return done->has_value(); }, 3'000));
  CHECK((*done)->code == ec::timed_out);
  CHECK_MESSAGE((*done)->reason.find("no validator answered the Echo") != std::string::npos,
                (*done)->reason);
}
