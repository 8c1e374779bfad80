#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/echoes.hpp"
#include "protocol/ledger/pairing.hpp"

using namespace ledger_test;
using ledger::ask_check;
using ledger::echo_check;

namespace {

std::uint16_t asking(ask_check x) { return code<tx::ask_echo>(x); }
std::uint16_t reporting(echo_check x) { return code<tx::echo_report>(x); }

genesis quiet() {
  auto p = dev_preset();
  p.audit_rate_ppm = 1;
  p.audit_rate_floor_ppm = 0;
  p.mode = audit_mode::whitepaper;
  p.value_cap_floor = {1};
  p.transaction_fee = {};
  return test_genesis(p);
}

amount cost(const world& w, std::size_t packages) {
  return {w.start.params.echo_cost_per_validator.units * packages};
}
amount fund(const world& w) { return w.machine.where_supply_is().audit_fund; }

/// `x` with the word of these members that validator `about` is down.
tx::echo_report probed(const world& w, tx::echo_report x, validator_id about,
                       std::vector<consensus::author_index> members) {
  const auto statement = ledger::probe_statement(w.chain(), x.session, x.package, about);
  for (const auto i : members)
    x.probes.emplace_back(i, sign(validator_key(w.committees().fast.now.ids[i]), statement));
  return x;
}

}  // namespace

TEST_CASE("R13 the first Echo's deposit comes back with the first claim that is paid") {
  world w(quiet());
  const auto id = w.paired_session(user_key(0));
  CHECK(w.machine.find_session(id)->deposit == w.start.params.echo_deposit);
  CHECK(w.machine.where_supply_is().deposits == w.start.params.echo_deposit);
  const auto x = w.make_job(user_key(0), id);
  w.settle(x, 1);
  REQUIRE(w.collect(user_key(3), world::claim_of(x, 1)).code == 0);
  CHECK(w.machine.find_session(id)->deposit == amount{});
  CHECK(w.machine.where_supply_is().deposits == amount{});
}

TEST_CASE("attack: Echo as amplifier: a user that never buys pays for every package it had sent") {
  world w(quiet());
  const auto before = w.balance(user_key(0));
  const auto id = w.paired_session(user_key(0));
  REQUIRE(w.pay(user_key(0), tx::close_session{id}).code == 0);
  w.wait(w.start.params.unbonding_ms);
  CHECK(before - w.balance(user_key(0)) == cost(w, 3));
  CHECK(fund(w) == cost(w, 3));
  const auto unused = w.open_session(user_key(1));  // without an Echo it all comes back
  REQUIRE(w.pay(user_key(1), tx::close_session{unused}).code == 0);
  CHECK(w.balance(user_key(1)) == dg(10'000));
}

TEST_CASE("R13 a later Echo is paid for before it is sent, one at a time per user, until its time ends") {
  world w(quiet());
  const auto id = w.paired_session(user_key(0)), other = w.paired_session(user_key(0));
  CHECK(w.say(user_key(1), tx::ask_echo{id}).code == asking(ask_check::not_the_user));
  CHECK(w.say(user_key(0), tx::ask_echo{{5}}).code == asking(ask_check::unknown_session));
  const auto held = [&] {  // free escrow pays first
    auto sum = w.balance(user_key(0));
    for (const auto which : {id, other}) {
      sum += w.machine.find_session(which)->free;
      for (const auto& [payee, lane] : w.machine.find_session(which)->lanes)
        sum += lane.left();
    }
    return sum;
  };
  const auto before = held();
  REQUIRE(w.say(user_key(0), tx::ask_echo{id}).code == 0);
  CHECK(before - held() == cost(w, 7));  // all active validators
  CHECK(w.heard<happened::echo_opened>().back().sample.empty());
  CHECK(w.say(user_key(0), tx::ask_echo{other}).code == asking(ask_check::one_open));
  CHECK(w.say(user_key(0), w.report(other, {w.answer(other, 1, 1)})).code ==
        reporting(echo_check::one_open));
  REQUIRE(w.say(user_key(0), w.report(id, {w.answer(id, 1, 1)})).code == 0);
  CHECK(before - held() == cost(w, 7));  // once
  REQUIRE(w.say(user_key(0), tx::ask_echo{other}).code == 0);
  w.wait(w.start.params.echo_window_ms + 500);
  CHECK(w.machine.now().sessions->echoing.empty());
  CHECK(fund(w) == cost(w, 14));  // a report that never came gives nothing back
  CHECK(w.say(user_key(0), tx::ask_echo{id}).code == 0);
}

TEST_CASE("R13 an outage that two members saw excuses the Echo's cost, and nobody's own word does") {
  world w(quiet());
  const auto id = w.paired_session(user_key(0));  // with validator 0, who is member 0
  const auto plain = [&] { return w.report(id, {w.answer(id, 1, 1)}); };
  const auto say = [&](std::vector<consensus::author_index> members) {
    const auto before = fund(w);
    REQUIRE(w.say(user_key(0), probed(w, plain(), *w.machine.find_session(id)->paired, members)).code ==
            0);
    const auto charged = fund(w) - before;
    // Back to validator 0: a good one is found again.
    REQUIRE(w.say(user_key(0), probed(w, w.report(id, {w.answer(id, 0, 1)}), {1}, {2, 3})).code == 0);
    return charged;
  };
  CHECK(say({2, 3}) == amount{});
  CHECK(say({2}) == cost(w, 1));
  CHECK(say({2, 2}) == cost(w, 1));
  CHECK(say({0, 2}) == cost(w, 1));   // the paired one is no witness
  CHECK(say({2, 0, 3}) == amount{});
  REQUIRE(w.say(user_key(0), tx::ask_echo{id}).code == 0);
  const auto free = w.machine.find_session(id)->free;
  REQUIRE(w.say(user_key(0), probed(w, plain(), {0}, {4, 5})).code == 0);
  const auto& after = *w.machine.find_session(id);
  CHECK(after.lanes.at({1}).reserved + after.free > free);  // what was asked for came back
  CHECK(fund(w) == cost(w, 3));
}

TEST_CASE("R10 where too many validators serve, the beacon draws whom an Echo asks") {
  auto origin = quiet();
  origin.params.echo_fanout_max = 5;
  origin.params.echo_sample = 3;
  world w(std::move(origin));
  const auto id = w.open_session(user_key(0));
  std::vector<tx::echo_entry> all;
  for (std::uint32_t i = 0; i < 7; ++i)
    all.push_back(w.answer(id, i, 10 * i));
  CHECK(w.say(user_key(0), w.report(id, all)).code == reporting(echo_check::no_sample));
  const auto asked = w.block({w.duty(user_key(0), tx::ask_echo{id})});
  REQUIRE(asked.outcomes.at(0).code == 0);
  CHECK(asked.beacon_requests.size() == 1);  // nobody knows the sample before it is paid for
  CHECK(w.heard<happened::echo_opened>().empty());
  w.block();
  const auto sample = w.machine.find_session(id)->echo.value().sample;
  REQUIRE(sample.size() == 3);
  CHECK(w.heard<happened::echo_opened>().back().sample == sample);
  CHECK(w.say(user_key(0), w.report(id, all)).code == reporting(echo_check::not_in_sample));
  REQUIRE(w.say(user_key(0), w.report(id, {w.answer(id, sample[1].value, 5)})).code == 0);
  CHECK(w.machine.find_session(id)->paired == sample[1]);
}
