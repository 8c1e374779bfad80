#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/sessions.hpp"

using namespace ledger_test;
using ledger::session_check;

namespace {

/// A pool (user 0) with end users 1 and 2, who hold no money of their own to spend on it.
struct pool {
  world w;
  const key_pair owner = user_key(0);

  std::uint64_t nonce() const { return w.machine.find_account(owner.identity).nonce + 1; }
  tx::delegate_session terms(const key_pair& key, amount limit = dg(50),
                             std::uint64_t expires_ms = 20'000) const {
    tx::delegate_session x{.key = key.identity, .consent = {}, .bid = 2 * nano_per_dg,
                           .escrow = limit, .expires_ms = expires_ms};
    x.consent = sign(key, ledger::delegation_statement(w.chain(), owner.identity, nonce(), expires_ms));
    return x;
  }
  session_id delegate(const key_pair& key, amount limit = dg(50)) {
    const auto id = ledger::session_id_of(w.chain(), key.identity, nonce());
    const auto done = w.pay(owner, terms(key, limit));
    REQUIRE_MESSAGE(done.code == 0, done.reason);
    return id;
  }
  void pair(const key_pair& key, session_id id, std::uint32_t with) {
    REQUIRE(w.say(key, w.report(id, {w.answer(id, with, 1)})).code == 0);
  }
};

std::uint16_t number(session_check x) { return code<tx::delegate_session>(x); }

}  // namespace

TEST_CASE("R9 a pool's end users sign with keys of their own, and each has its own pairing") {
  pool p;
  const auto one = p.delegate(user_key(1)), two = p.delegate(user_key(2));
  p.pair(user_key(1), one, 3);
  p.pair(user_key(2), two, 5);
  CHECK(p.w.machine.find_session(one)->paired == validator_id{3});
  CHECK(p.w.machine.find_session(two)->paired == validator_id{5});
  CHECK(p.w.balance(user_key(1)) == dg(10'000));  // all of it is the pool's money
  const auto locked = dg(50) + p.w.start.params.user_bond + p.w.start.params.echo_deposit;
  CHECK(dg(10'000) - p.w.balance(p.owner) == locked + locked);
  const auto opened = p.w.heard<happened::session_opened>();
  CHECK(opened[0].user == user_key(1).identity);
  CHECK(opened[0].payer == p.owner.identity);
  // A ticket of one end user is no ticket of another, nor of the pool.
  auto x = p.w.make_job(user_key(1), one, 3);
  const auto key = validator_key(3).identity;
  CHECK(check(x.paper, user_key(1).identity, key, p.w.checker) == receipt_check::ok);
  CHECK(check(x.paper, p.owner.identity, key, p.w.checker) == receipt_check::bad_user_signature);
}

TEST_CASE("R9 a delegated key spends its limit at most, and what is left comes back to the pool") {
  pool p;
  const auto id = p.delegate(user_key(1), dg(10));
  p.pair(user_key(1), id, 0);
  const auto& session = *p.w.machine.find_session(id);
  CHECK(session.free + session.lanes.at({0}).left() == dg(10));
  p.w.wait(20'000);  // its time is over
  CHECK(p.w.machine.find_session(id)->closed);
  CHECK_FALSE(p.w.machine.find_session(id)->paired);
  p.w.wait(p.w.start.params.unbonding_ms);
  const amount echo = p.w.start.params.echo_cost_per_validator;
  CHECK(p.w.balance(p.owner) == dg(10'000) - echo);
  CHECK(p.w.balance(user_key(1)) == dg(10'000));
}

TEST_CASE("R9 pool and end user may end a delegated session, strangers may not") {
  pool p;
  const auto one = p.delegate(user_key(1)), two = p.delegate(user_key(2));
  CHECK(p.w.pay(user_key(3), tx::close_session{one}).code ==
        code<tx::close_session>(session_check::not_the_user));
  CHECK(p.w.pay(user_key(2), tx::close_session{one}).code ==
        code<tx::close_session>(session_check::not_the_user));
  CHECK(p.w.pay(p.owner, tx::close_session{one}).code == 0);
  CHECK(p.w.pay(user_key(2), tx::close_session{two}).code == 0);
  CHECK(p.w.balance(p.owner) == dg(10'000));
  CHECK(p.w.machine.now().sessions->expiring.empty());
}

TEST_CASE("R9 a key that has not agreed, or whose time is past, is nobody's") {
  pool p;
  auto unwilling = p.terms(user_key(1));
  unwilling.consent = sign(user_key(3), ledger::delegation_statement(
                                          p.w.chain(), p.owner.identity, p.nonce(), 20'000));
  CHECK(p.w.pay(p.owner, unwilling).code == number(session_check::no_consent));
  auto longer = p.terms(user_key(1));
  longer.expires_ms += 1;
  CHECK(p.w.pay(p.owner, longer).code == number(session_check::no_consent));
  CHECK(p.w.pay(p.owner, p.terms(user_key(1), dg(1), 0)).code == number(session_check::expired));
  CHECK(p.w.pay(p.owner, p.terms(user_key(1), dg(9'999))).code ==
        number(session_check::insufficient_funds));
  auto free = p.terms(user_key(1));
  free.bid = 0;
  CHECK(p.w.pay(p.owner, free).code == number(session_check::no_bid));
}
