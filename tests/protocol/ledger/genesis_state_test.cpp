#include "tests/support/ledger_fixture.hpp"

using namespace ledger_test;
using ledger::genesis_check;

TEST_CASE("R29 genesis: accounts, stakes, mining reserve and the rest are 30,000,000 DG") {
  world w;
  const auto supply = w.machine.where_supply_is();
  CHECK(ledger::total(supply) == dg(30'000'000));
  CHECK(supply.unreleased == dg(15'000'000));
  CHECK(supply.reserve == ledger::genesis_reserve(w.start).value());
  CHECK(supply.stakes == dg(7'000 + 40'000));  // seven validators, four authors
}

TEST_CASE("R29 a genesis that gives away more than there is is refused with a sentence") {
  auto x = test_genesis();
  x.accounts[user_key(8).identity] = dg(15'000'000);
  const auto refused = ledger::check(x);
  CHECK(refused.code == genesis_check::supply_exceeded);
  CHECK(refused.reason.find("15000000 DG") != std::string::npos);
  CHECK_FALSE(ledger::genesis_reserve(x));
}

TEST_CASE("genesis: gated parameters, distinct keys, enough stake, a coin for each committee") {
  const auto code_after = [](auto change) {
    auto x = test_genesis();
    change(x);
    return ledger::check(x).code;
  };
  CHECK(code_after([](genesis&) {}) == genesis_check::ok);
  CHECK(code_after([](genesis& x) { x.development = false; }) == genesis_check::known_secret);
  CHECK(code_after([](genesis& x) {
          x.development = false;
          x.heavy_coin = deal(*openssl_coin_group(), 4, 3, hash("own dealer")).keys;
          x.fast_coin = deal(*openssl_coin_group(), 7, 5, hash("own dealer")).keys;
        }) == genesis_check::ok);
  CHECK(code_after([](genesis& x) { x.heavy_coin = {}; }) == genesis_check::bad_coin);
  CHECK(code_after([](genesis& x) { x.fast_coin = x.heavy_coin; }) == genesis_check::bad_coin);
  CHECK(code_after([](genesis& x) { --x.heavy_coin.threshold; }) == genesis_check::bad_coin);
  CHECK(code_after([](genesis& x) {
          std::swap(x.heavy_coin.shares[0], x.heavy_coin.shares[1]);
        }) == genesis_check::bad_coin);
  CHECK(code_after([](genesis& x) { x.params.fee_burn_permille = 30; }) ==
        genesis_check::bad_parameters);
  CHECK(code_after([](genesis& x) { x.heavy_authors[1] = x.heavy_authors[0]; }) ==
        genesis_check::bad_authors);
  CHECK(code_after([](genesis& x) { x.heavy_authors.clear(); }) == genesis_check::bad_authors);
  CHECK(code_after([](genesis& x) { x.validators[1].key = x.validators[0].key; }) ==
        genesis_check::bad_validators);
  CHECK(code_after([](genesis& x) { x.validators.clear(); }) == genesis_check::bad_validators);
  CHECK(code_after([](genesis& x) { x.validators[0].stake = dg(999); }) ==
        genesis_check::below_minimum);
  CHECK(code_after([](genesis& x) { x.heavy_authors[3].stake = dg(4'999); }) ==
        genesis_check::below_minimum);
  CHECK(code_after([](genesis& x) { x.kernels[0].name.clear(); }) == genesis_check::bad_kernel);
}
