#include "tests/support/committee_fixture.hpp"

using namespace ledger_test;
using ledger::author_check;

TEST_CASE("standing bonds the minimum stake, or adds to what is bonded") {
  committee_world w;
  const auto stand = [&w](const key_pair& who, amount stake) {
    return w.pay(who, tx::stand{stake}).code;
  };
  const auto number = [](author_check x) { return code<tx::stand>(x); };
  CHECK(stand(user_key(0), {}) == number(author_check::nothing_staked));
  CHECK(stand(user_key(0), dg(4'999)) == number(author_check::below_minimum));
  CHECK(stand(user_key(0), dg(50'001)) == number(author_check::insufficient_funds));
  CHECK(stand(user_key(0), dg(5'000)) == 0);
  CHECK(stand(user_key(0), dg(1)) == 0);
  CHECK(w.machine.find_author({4})->key == user_key(0).identity);
  CHECK(w.machine.find_author({4})->stake == dg(5'001));
  CHECK(w.balance(user_key(0)) == dg(44'999));
  CHECK(w.heard<happened::author_changed>().back().stake == dg(5'001));
  CHECK(w.machine.where_supply_is().stakes == dg(7'000 + 40'000 + 5'001));
}

TEST_CASE("who stands down stands again only when its stake is paid out") {
  committee_world w(election_genesis(with_committees(4)));
  REQUIRE(w.pay(user_key(0), tx::stand{dg(5'000)}).code == 0);
  CHECK(w.pay(user_key(1), tx::stand_down{}).code ==
        code<tx::stand_down>(author_check::not_a_candidate));
  REQUIRE(w.pay(user_key(0), tx::stand_down{}).code == 0);
  CHECK(w.pay(user_key(0), tx::stand_down{}).code ==
        code<tx::stand_down>(author_check::not_a_candidate));
  CHECK(w.machine.where_supply_is().unbonding == dg(5'000));
  CHECK(w.pay(user_key(0), tx::stand{dg(6'000)}).code == code<tx::stand>(author_check::unbonding));
  w.wait(w.start.params.unbonding_ms - 1'000);
  CHECK(w.balance(user_key(0)) == dg(45'000));
  w.wait(1'000);
  CHECK(w.balance(user_key(0)) == dg(50'000));
  CHECK(w.pay(user_key(0), tx::stand{dg(6'000)}).code == 0);
  CHECK(w.machine.find_author({4})->active());
}

TEST_CASE("the stake of an author that serves stays until it answers for nothing any more") {
  committee_world w;
  REQUIRE(w.pay(author_key(3), tx::stand_down{}).code == 0);
  REQUIRE(w.pay(user_key(0), tx::stand{dg(9'000)}).code == 0);
  w.wait(2 * w.start.params.unbonding_ms);
  CHECK(w.balance(author_key(3)) == amount{});  // it still serves: nobody else has a coin
  (void)w.change_heavy();
  CHECK(w.heavy().now.ids == std::vector<std::uint32_t>{0, 1, 2, 4});
  w.wait(w.start.params.unbonding_ms - 500);
  CHECK(w.balance(author_key(3)) == amount{});
  w.wait(1'000);
  CHECK(w.balance(author_key(3)) == dg(10'000));
}
