#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/market.hpp"
#include "protocol/ledger/pairing.hpp"
#include "protocol/ledger/sessions.hpp"
#include "protocol/ledger/staking.hpp"

using namespace ledger_test;
using ledger::market_voice;
using ledger::weighted_median;

namespace {

constexpr std::uint64_t milli_dg = nano_per_dg / 1'000;

std::uint64_t middle(const world& w) { return w.machine.now().market->middle; }
void end_epoch(world& w) { w.wait(w.start.params.epoch_ms); }

chain::transaction_outcome ask(world& w, std::uint32_t validator, std::uint64_t price) {
  return w.pay(validator_key(validator), tx::set_ask{price});
}

genesis quiet(std::uint32_t validators = 7) {
  auto p = dev_preset();
  p.audit_rate_ppm = 1;
  p.audit_rate_floor_ppm = 0;
  p.mode = audit_mode::whitepaper;
  p.value_cap_floor = {1};
  return test_genesis(p, dg(1'000), validators);
}

}  // namespace

TEST_CASE("R24 asks outside the range and bids below it are refused, with the range in the error") {
  world w;
  CHECK(middle(w) == nano_per_dg);
  const auto refused = ask(w, 0, 2 * nano_per_dg);
  CHECK(refused.code == code<tx::set_ask>(ledger::staking_check::out_of_range));
  CHECK(refused.reason == "an ask of 2000000000 is outside the market range of 750000000 to "
                          "1250000000 nDG per 1,000 units");
  CHECK(ask(w, 0, 749'999'999).code == code<tx::set_ask>(ledger::staking_check::out_of_range));
  CHECK(ask(w, 0, 1'250'000'000).code == 0);
  CHECK(ask(w, 0, 750'000'000).code == 0);
  const tx::join newcomer{.operator_id = 9, .stake = dg(1'000), .ask = 1, .name = "n"};
  CHECK(w.pay(user_key(0), newcomer).code == code<tx::join>(ledger::staking_check::out_of_range));
  const auto low = w.pay(user_key(0), tx::open_session{.bid = nano_per_dg / 2, .escrow = dg(1)});
  CHECK(low.code == code<tx::open_session>(ledger::session_check::below_range));
  CHECK(low.reason.find("750000000 to 1250000000") != std::string::npos);
  CHECK(w.pay(user_key(0), tx::open_session{.bid = 9 * nano_per_dg, .escrow = dg(1)}).code == 0);
}

TEST_CASE("R24 the range follows the stake-weighted median of asks, one limited step per epoch") {
  world w;
  for (std::uint32_t i = 0; i < 4; ++i)  // four of seven equal stakes
    REQUIRE(ask(w, i, 1'240 * milli_dg).code == 0);
  CHECK(middle(w) == nano_per_dg);
  end_epoch(w);
  CHECK(middle(w) == 1'100 * milli_dg);
  end_epoch(w);
  CHECK(middle(w) == 1'210 * milli_dg);
  end_epoch(w);
  CHECK(middle(w) == 1'240 * milli_dg);
  const auto moves = w.heard<happened::market_moved>();
  REQUIRE(moves.size() == 3);
  CHECK(moves.back().low == 930 * milli_dg);
  CHECK(moves.back().high == 1'550 * milli_dg);
  end_epoch(w);
  CHECK(w.heard<happened::market_moved>().size() == 3);
}

TEST_CASE("R24 with fewer than three operators the range stays, and without one all prices are in it") {
  world w(quiet(2));
  CHECK(middle(w) == 0);
  CHECK(ask(w, 0, 1).code == 0);
  CHECK(ask(w, 1, 1'000 * nano_per_dg).code == 0);
  end_epoch(w);
  CHECK(middle(w) == 0);

  world shrinking(quiet(3));
  REQUIRE(middle(shrinking) == nano_per_dg);
  for (std::uint32_t i = 0; i < 2; ++i)
    REQUIRE(ask(shrinking, i, 1'200 * milli_dg).code == 0);
  REQUIRE(shrinking.pay(validator_key(2), tx::leave{}).code == 0);
  end_epoch(shrinking);
  CHECK(middle(shrinking) == nano_per_dg);
}

TEST_CASE("R24 matured fills and bids hold the range against asks that rise together") {
  world w(quiet());
  const auto id = w.paired_session(user_key(0), dg(100));
  const std::vector jobs{w.make_job(user_key(0), id)};
  w.settle(jobs, 1);
  REQUIRE(w.collect(user_key(3), world::claim_of(jobs, 1)).code == 0);
  REQUIRE(w.machine.now().market->fills.size() == 1);
  for (std::uint32_t i = 0; i < 7; ++i)
    REQUIRE(ask(w, i, 1'250 * milli_dg).code == 0);
  // Asks 1.25, the bid 2 (the range's top: 1.25), the fill 1: the median of the three.
  end_epoch(w);
  CHECK(middle(w) == 1'100 * milli_dg);
  CHECK(w.machine.now().market->fills.empty());

  world held(quiet());
  const auto modest = held.open_session(user_key(0), dg(100), tx::pairing_mode::latency, nano_per_dg);
  REQUIRE(held.say(user_key(0), held.report(modest, {held.answer(modest, 0, 1)})).code == 0);
  const std::vector work{held.make_job(user_key(0), modest)};
  held.settle(work, 1);
  REQUIRE(held.collect(user_key(3), world::claim_of(work, 1)).code == 0);
  for (std::uint32_t i = 0; i < 7; ++i)
    REQUIRE(ask(held, i, 1'250 * milli_dg).code == 0);
  end_epoch(held);
  CHECK(middle(held) == nano_per_dg);
}

TEST_CASE("R24 one payer or operator counts for a tenth of all fills, however many it makes") {
  std::vector<market_voice> voices{{900, 1'000'000, "farm", "farm"}};
  for (int i = 0; i < 10; ++i)
    voices.push_back({100, 100, "p" + std::to_string(i), "o" + std::to_string(i)});
  CHECK(weighted_median(voices, 1'000) == 900);
  voices[0].weight = 2'000;  // twice all others together
  CHECK(weighted_median(voices, 1'000) == 900);
  CHECK(weighted_median(voices, 100) == 100);
  voices[0].payer = "one name";
  voices.push_back({900, 2'000, "another name", "farm"});
  voices.push_back({900, 2'000, "a third name", "farm"});
  CHECK(weighted_median(voices, 100) == 100);  // one operator behind many payers
  CHECK_FALSE(weighted_median({}, 100));
}

TEST_CASE("R25 a user leaves a validator that asks too much: it closes, bids again and is paired anew") {
  world w(quiet());
  const auto dear = w.paired_session(user_key(0), dg(10));
  REQUIRE(ask(w, 0, 1'250 * milli_dg).code == 0);
  REQUIRE(w.pay(user_key(0), tx::close_session{dear}).code == 0);
  const auto next = w.open_session(user_key(0), dg(10), tx::pairing_mode::latency, nano_per_dg);
  REQUIRE(w.say(user_key(0), w.report(next, {w.answer(next, 0, 1), w.answer(next, 1, 2)})).code == 0);
  CHECK(w.machine.find_session(next)->paired == validator_id{1});
}

TEST_CASE("R24 an ask that the range has left behind is paired with nobody until it follows") {
  world w(quiet());
  REQUIRE(ask(w, 0, 1'250 * milli_dg).code == 0);
  for (std::uint32_t i = 1; i < 7; ++i)
    REQUIRE(ask(w, i, 750 * milli_dg).code == 0);
  end_epoch(w);  // 0.9, up to 1.125
  const auto id = w.open_session(user_key(0), dg(10));
  CHECK(w.say(user_key(0), w.report(id, {w.answer(id, 0, 1)})).code ==
        code<tx::echo_report>(ledger::echo_check::nobody_eligible));
}
