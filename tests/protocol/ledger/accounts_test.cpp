#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/execution.hpp"

using namespace ledger_test;
using ledger::envelope_check;

TEST_CASE("transfer moves the value and nothing else, and says so") {
  world w;
  const auto from = w.balance(user_key(0));
  CHECK(w.pay(user_key(0), tx::transfer{user_key(9).identity, dg(7)}).code == 0);
  CHECK(w.balance(user_key(0)) == from - dg(7));
  CHECK(w.balance(user_key(9)) == dg(7));
  CHECK(w.heard<happened::transferred>().size() == 1);
}

TEST_CASE("transfer beyond the free balance is refused with both figures") {
  world w;
  const auto done = w.pay(user_key(0), tx::transfer{user_key(1).identity, dg(10'001)});
  CHECK(done.code == code<tx::transfer>(ledger::transfer_check::insufficient_funds));
  CHECK(done.reason == "value 10001 DG exceeds the free balance less the fee, 10000 DG");
  const auto nothing = w.pay(user_key(0), tx::transfer{user_key(1).identity, {}});
  CHECK(nothing.code == code<tx::transfer>(ledger::transfer_check::no_value));
}

TEST_CASE("money moves count up by one: a repeated or early nonce changes nothing") {
  world w;
  const auto first = w.money(user_key(0), tx::transfer{user_key(1).identity, dg(1)});
  const auto twice = w.block({first, first});
  CHECK(twice.outcomes.at(0).code == 0);
  CHECK(twice.outcomes.at(1).code == static_cast<std::uint16_t>(envelope_check::duplicate));
  CHECK(w.run(first).code == static_cast<std::uint16_t>(envelope_check::wrong_nonce));
  const auto early = ledger::make_transaction(w.chain(), user_key(0), 3,
                                              tx::transfer{user_key(1).identity, dg(1)});
  const auto waits = w.machine.check(early);
  CHECK(waits.code == static_cast<std::uint16_t>(envelope_check::wrong_nonce));
  CHECK(waits.later);
  CHECK(w.balance(user_key(1)) == dg(10'001));
}

TEST_CASE("an envelope must be canonical, short, of this chain, and signed by its sender") {
  world w;
  const tx::transfer body{user_key(1).identity, dg(1)};
  const auto code_of = [&w](const bytes& data) { return w.machine.check(data).code; };
  const auto number = [](envelope_check x) { return static_cast<std::uint16_t>(x); };
  CHECK(code_of({1, 2, 3}) == number(envelope_check::malformed));
  CHECK(code_of(bytes(ledger::transaction_bytes_max + 1)) == number(envelope_check::too_long));
  CHECK(code_of(ledger::make_transaction(hash("else"), user_key(0), 1, body)) ==
        number(envelope_check::wrong_chain));
  auto forged = decode<ledger::transaction>(w.money(user_key(0), body)).value();
  forged.by.value[5] ^= 1;
  CHECK(code_of(encode(forged)) == number(envelope_check::bad_signature));
  CHECK(code_of(ledger::make_unsigned(w.chain(), body)) == number(envelope_check::wrong_sender));
  CHECK(code_of(w.duty(user_key(0), tx::checkpoint{})) == number(envelope_check::wrong_sender));
}
