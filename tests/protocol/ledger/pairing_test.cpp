#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/pairing.hpp"

using namespace ledger_test;
using ledger::echo_check;

TEST_CASE("R11 the fastest correct answer pairs, the next two stand in") {
  world w;
  const auto id = w.open_session(user_key(0));
  REQUIRE(w.say(user_key(0), w.report(id, {w.answer(id, 3, 10), w.answer(id, 4, 20),
                                           w.answer(id, 5, 30), w.answer(id, 6, 40)}))
            .code == 0);
  const auto& session = *w.machine.find_session(id);
  CHECK(session.paired == validator_id{3});
  CHECK(session.stand_ins == std::vector<validator_id>{{4}, {5}});
  CHECK(w.heard<happened::paired>().back().round_trip_us == 10);
}

TEST_CASE("R13 stand-ins are of other operators than those they stand in for, where there are any") {
  auto start = test_genesis();
  start.validators[4].operator_id = 3;
  start.validators[6].operator_id = 5;
  world w{start};
  const auto id = w.open_session(user_key(0));
  REQUIRE(w.say(user_key(0), w.report(id, {w.answer(id, 3, 10), w.answer(id, 4, 20),
                                           w.answer(id, 5, 30), w.answer(id, 6, 40)}))
            .code == 0);
  CHECK(w.machine.find_session(id)->paired == validator_id{3});
  CHECK(w.machine.find_session(id)->stand_ins == std::vector<validator_id>{{5}, {4}});

  for (auto& x : start.validators)
    x.operator_id = 0;
  start.validators[6].operator_id = 1;
  world random{start};
  const auto drawn = random.open_session(user_key(0), dg(100), tx::pairing_mode::random);
  const auto asked = random.block(
    {random.duty(user_key(0), random.report(drawn, {random.answer(drawn, 0, 1)}))});
  REQUIRE(asked.outcomes.at(0).code == 0);
  random.shares = asked.beacon_requests;
  random.block();
  const auto& session = *random.machine.find_session(drawn);
  REQUIRE(session.paired);
  REQUIRE(session.stand_ins.size() == 2);
  CHECK((*session.paired == validator_id{6} || session.stand_ins[0] == validator_id{6}));
}

TEST_CASE("R10 a wrong answer never wins, however fast, nor does an ask above the bid") {
  world w;
  REQUIRE(w.pay(validator_key(4), tx::set_ask{5 * nano_per_dg / 4}).code == 0);
  const auto id = w.open_session(user_key(0), dg(100), tx::pairing_mode::latency, nano_per_dg);
  REQUIRE(w.say(user_key(0), w.report(id, {w.answer(id, 3, 1, false), w.answer(id, 4, 2),
                                           w.answer(id, 5, 90)}))
            .code == 0);
  CHECK(w.machine.find_session(id)->paired == validator_id{5});
  CHECK(w.machine.find_session(id)->stand_ins.empty());
  const auto other = w.open_session(user_key(1));
  CHECK(w.say(user_key(1), w.report(other, {w.answer(other, 3, 1, false)})).code ==
        code<tx::echo_report>(echo_check::nobody_eligible));
}

TEST_CASE("R10 a report is the user's, sorted, without repetition, every answer signed") {
  world w;
  const auto id = w.open_session(user_key(0));
  const auto refused = [&w](const tx::echo_report& x) { return w.say(user_key(0), x).code; };
  const auto number = [](echo_check x) { return code<tx::echo_report>(x); };
  CHECK(w.say(user_key(1), w.report(id, {w.answer(id, 0, 1)})).code ==
        number(echo_check::not_the_user));
  CHECK(refused(w.report({5}, {w.answer({5}, 0, 1)})) == number(echo_check::unknown_session));
  CHECK(refused(w.report(id, {})) == number(echo_check::no_entries));
  CHECK(refused(w.report(id, std::vector(9, w.answer(id, 0, 1)))) ==
        number(echo_check::too_many_entries));
  CHECK(refused(w.report(id, {w.answer(id, 7, 1)})) == number(echo_check::unknown_validator));
  CHECK(refused(w.report(id, {w.answer(id, 0, 1), w.answer(id, 0, 2)})) ==
        number(echo_check::repeated_validator));
  CHECK(refused(w.report(id, {w.answer(id, 0, 2), w.answer(id, 1, 1)})) ==
        number(echo_check::unsorted));
  auto forged = w.report(id, {w.answer(id, 0, 1)});
  forged.best[0].result = hash("other");
  CHECK(refused(forged) == number(echo_check::bad_signature));
  forged.best[0].by = {};
  CHECK(refused(forged) == number(echo_check::bad_signature));
}

TEST_CASE("R11 a pairing moves only when the new one is better by the hysteresis") {
  world w;
  const auto id = w.open_session(user_key(0));
  const auto echo = [&](std::uint64_t of_zero, std::uint64_t of_one) {
    REQUIRE(w.say(user_key(0), w.report(id, {w.answer(id, 1, of_one), w.answer(id, 0, of_zero)}))
              .code == 0);
    return w.machine.find_session(id)->paired->value;
  };
  REQUIRE(w.say(user_key(0), w.report(id, {w.answer(id, 0, 1'000)})).code == 0);
  CHECK(echo(1'000, 901) == 0);
  CHECK(echo(1'000, 900) == 1);
}

TEST_CASE("R13 the first Echo is free, a repeated one is charged into the audit fund") {
  world w;
  const auto id = w.paired_session(user_key(0));
  CHECK(w.machine.where_supply_is().audit_fund == amount{});
  const auto held = [&] {  // free escrow pays first
    const auto& session = *w.machine.find_session(id);
    auto sum = w.balance(user_key(0)) + session.free;
    for (const auto& [payee, lane] : session.lanes)
      sum += lane.left();
    return sum;
  };
  const auto before = held();
  REQUIRE(w.say(user_key(0), w.report(id, {w.answer(id, 0, 1), w.answer(id, 1, 2)})).code == 0);
  const amount cost{w.start.params.echo_cost_per_validator.units * 2};
  CHECK(w.machine.where_supply_is().audit_fund == cost);
  CHECK(held() == before - cost);
}

TEST_CASE("R13 a report sent again by anyone is neither charged nor followed again") {
  world w;
  const auto id = w.paired_session(user_key(0));
  const auto nearest_0 = w.report(id, {w.answer(id, 0, 1)});
  REQUIRE(w.say(user_key(0), nearest_0).code == 0);
  REQUIRE(w.say(user_key(0), w.report(id, {w.answer(id, 1, 1)})).code == 0);
  const auto before = w.balance(user_key(0));
  CHECK(w.say(user_key(0), nearest_0).code == code<tx::echo_report>(echo_check::repeated));
  CHECK(w.machine.find_session(id)->paired == validator_id{1});
  CHECK(w.balance(user_key(0)) == before);
}

TEST_CASE("R12 random pairing comes from the beacon of its block, once per user and epoch") {
  world w;
  const auto id = w.open_session(user_key(0), dg(100), tx::pairing_mode::random);
  const auto echo = w.report(id, {w.answer(id, 0, 1)});
  const auto asked = w.block({w.duty(user_key(0), echo)});
  REQUIRE(asked.outcomes.at(0).code == 0);
  REQUIRE(asked.beacon_requests.size() == 1);
  CHECK_FALSE(w.machine.find_session(id)->paired);
  w.shares.clear();  // nobody releases a share: nothing is drawn
  CHECK(w.say(user_key(0), echo).code == code<tx::echo_report>(echo_check::one_open));
  w.shares = asked.beacon_requests;
  w.block();
  const auto& session = *w.machine.find_session(id);
  REQUIRE(session.paired);
  CHECK(session.stand_ins.size() == 2);
  CHECK(w.say(user_key(0), echo).code == code<tx::echo_report>(echo_check::once_per_epoch));
  w.wait(w.start.params.epoch_ms);
  CHECK(w.say(user_key(0), echo).code == code<tx::echo_report>(echo_check::repeated));
  CHECK(w.say(user_key(0), w.report(id, {w.answer(id, 0, 1)})).code == 0);
}

TEST_CASE("R12 fewer than a quorum of shares reveal no beacon") {
  world w;
  const auto id = w.open_session(user_key(0), dg(100), tx::pairing_mode::random);
  auto input = chain::block_input{};
  const auto asked =
    w.block({w.duty(user_key(0), w.report(id, {w.answer(id, 0, 1)}))}).beacon_requests;
  w.shares.clear();
  const auto release = [&](std::uint16_t author) {
    consensus::signed_vertex v;
    v.body.author = author;
    for (const auto height : asked)
      v.body.beacon_shares.push_back(
        {height, datagen::test_support::mock_coin_checker::share(author)});
    input = {.height = w.machine.height() + 1, .block = hash("b", author),
             .timestamp_ms = w.clock_ms, .vertices = {consensus::seal(v)}};
    (void)w.machine.execute(input);
    return w.machine.find_session(id)->paired.has_value();
  };
  CHECK_FALSE(release(0));
  CHECK_FALSE(release(0));  // the same author again
  CHECK_FALSE(release(1));
  CHECK_FALSE(release(9));  // no author
  CHECK(release(2));
}
