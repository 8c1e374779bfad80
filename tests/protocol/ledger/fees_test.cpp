#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/authors.hpp"
#include "protocol/ledger/execution.hpp"
#include "protocol/ledger/sessions.hpp"
#include "protocol/ledger/staking.hpp"

using namespace ledger_test;
using ledger::envelope_check;

namespace {

genesis with_fee() {
  auto p = all_drawn();
  p.transaction_fee = dg(1);
  return test_genesis(p);
}

struct toll : world {
  toll() : world(with_fee()) {}
  amount burned() const { return machine.where_supply_is().burned; }
  /// Leaves `who` with `rest`, by a transfer.
  void empty(const key_pair& who, amount rest = {}) {
    REQUIRE(pay(who, tx::transfer{user_key(9).identity, balance(who) - dg(1) - rest}).code == 0);
    REQUIRE(balance(who) == rest);
  }
};

}  // namespace

TEST_CASE("fee: a money move burns it besides what it moves, and says who paid") {
  toll w;
  CHECK(w.pay(user_key(0), tx::transfer{user_key(1).identity, dg(7)}).code == 0);
  CHECK(w.balance(user_key(0)) == dg(10'000 - 7 - 1));
  CHECK(w.balance(user_key(1)) == dg(10'007));
  CHECK(w.burned() == dg(1));
  REQUIRE(w.heard<happened::fee_paid>().size() == 1);
  CHECK(w.heard<happened::fee_paid>()[0].payer == user_key(0).identity);
  CHECK(w.heard<happened::fee_paid>()[0].value == dg(1));
  CHECK(w.pay(validator_key(0), tx::set_ask{nano_per_dg - 5}).code == 0);
  CHECK(w.balance(validator_key(0)) == dg(99));
}

TEST_CASE("fee: nothing may be sent, locked or staked that the fee needs") {
  toll w;
  const auto refused = [&w](auto body, auto why) {
    const auto done = w.pay(user_key(0), body);
    CHECK(done.code == code<decltype(body)>(why));
    CHECK(done.reason.find("less the fee, 9999 DG") != std::string::npos);
  };
  refused(tx::transfer{user_key(1).identity, dg(10'000)},
          ledger::transfer_check::insufficient_funds);
  refused(tx::join{.operator_id = 9, .stake = dg(10'000), .ask = nano_per_dg, .name = "new"},
          ledger::staking_check::insufficient_funds);
  refused(tx::stand{dg(10'000)}, ledger::author_check::insufficient_funds);
  const auto locked = w.start.params.user_bond + w.start.params.echo_deposit;
  refused(tx::open_session{.bid = nano_per_dg, .escrow = dg(10'000) - locked},
          ledger::session_check::insufficient_funds);
  CHECK(w.burned() == amount{});
  CHECK(w.pay(user_key(0), tx::open_session{.bid = nano_per_dg, .escrow = dg(9'999) - locked})
          .code == 0);
  CHECK(w.balance(user_key(0)) == amount{});
}

TEST_CASE("fee: an account that cannot pay it changes nothing, nor its nonce") {
  toll w;
  w.empty(validator_key(0), amount{dg(1).units - 1});
  const auto done = w.pay(validator_key(0), tx::set_ask{nano_per_dg - 5});
  CHECK(done.code == static_cast<std::uint16_t>(envelope_check::fee_not_covered));
  CHECK(done.reason == "the fee of 1 DG exceeds the free balance 0.999999999999999999 DG");
  CHECK(w.validator(0).ask == nano_per_dg);
  CHECK(w.machine.find_account(validator_key(0).identity).nonce == 1);
  const auto stranger = w.pay(user_key(8), tx::transfer{user_key(1).identity, dg(1)});
  CHECK(stranger.code == static_cast<std::uint16_t>(envelope_check::fee_not_covered));
}

TEST_CASE("fee: whoever has nothing left still gets back what is locked, and does its duties") {
  toll w;
  const auto session = w.open_session(user_key(0));
  REQUIRE(w.pay(user_key(1), tx::stand{dg(5'000)}).code == 0);
  w.empty(user_key(0));
  w.empty(user_key(1));
  w.empty(validator_key(0));
  const auto burned = w.burned();
  CHECK(w.say(user_key(0), w.report(session, {w.answer(session, 0, 100), w.answer(session, 1, 200),
                                              w.answer(session, 2, 300)})).code == 0);
  CHECK(w.pay(user_key(0), tx::close_session{session}).code == 0);
  CHECK(w.pay(user_key(1), tx::stand_down{}).code == 0);
  CHECK(w.pay(validator_key(0), tx::leave{}).code == 0);
  CHECK(w.burned() == burned);
}

TEST_CASE("fee: the whitepaper names none, the other presets have one") {
  CHECK(whitepaper_preset().transaction_fee == amount{});
  CHECK(default_preset().transaction_fee == amount{units_per_dg / 10'000});
  CHECK(dev_preset().transaction_fee == amount{units_per_dg / 10'000});
}
