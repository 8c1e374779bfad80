#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/state_proof.hpp"

using namespace ledger_test;
using ledger::proof_check;

namespace {

/// A chain with something of everything: a finished audit, an open one, a paired session.
struct chain_at_work {
  world w;
  session_id session = w.paired_session(user_key(0));
  job done = w.make_job(user_key(0), session);
  job open = w.make_job(user_key(0), session);

  chain_at_work() {
    w.audit_once(user_key(0), done, {done.result});
    w.settle(open, open.paper.content.sequence);
    w.open(open);
  }
  const ledger::state& now() const { return w.machine.now(); }
  digest root() const { return w.machine.state_root(); }
  consensus::certificate certificate() const {
    consensus::certificate result{{w.chain(), 0, w.machine.height(), hash("block"), root(), {}}, {}};
    for (std::uint16_t i = 0; i < 3; ++i)
      result.signatures.emplace_back(
        i, sign(author_key(i), consensus::signing_bytes(result.statement)));
    return result;
  }
  std::vector<ledger::state_proof> all() const {
    return {ledger::prove_account(now(), user_key(0).identity).value(),
            ledger::prove_validator(now(), {3}).value(),
            ledger::prove_session(now(), session).value(),
            ledger::prove_audit(now(), done.id(), 0).value(),
            ledger::prove_audit(now(), open.id(), 0).value()};
  }
};

}  // namespace

TEST_CASE("R5 account, validator, session, pairing and verdicts are proven by a certificate alone") {
  const chain_at_work c;
  const auto proof = c.certificate();
  for (const auto& x : c.all())
    CHECK(check(x, proof, c.w.committees().heavy.now, c.w.checker) == proof_check::ok);
  const auto account = std::get<0>(c.all()[0].entry);
  CHECK(account.second.balance == c.w.balance(user_key(0)));
  CHECK(std::get<2>(c.all()[2].entry).second.paired == validator_id{0});
  CHECK(std::get<4>(c.all()[3].entry).second.ruling.outcome == audit_outcome::pass);
  CHECK_FALSE(std::get<3>(c.all()[4].entry).second.settled);
  CHECK_FALSE(ledger::prove_account(c.now(), user_key(9).identity));
  CHECK_FALSE(ledger::prove_validator(c.now(), {99}));
  CHECK_FALSE(ledger::prove_session(c.now(), {99}));
  CHECK_FALSE(ledger::prove_audit(c.now(), hash("no job"), 0));
}

TEST_CASE("R5 any flipped bit of a state proof is refused") {
  const chain_at_work c;
  for (const auto& x : c.all()) {
    const auto good = encode(x);
    std::size_t harmless = 0;
    for (std::size_t i = 0; i < good.size() * 8; ++i) {
      auto bad = good;
      bad[i / 8] ^= static_cast<std::uint8_t>(1u << i % 8);
      const auto read = decode<ledger::state_proof>(bad);
      harmless += read && check(*read, c.root()) == proof_check::ok;
    }
    CHECK(harmless == 0);
  }
}

TEST_CASE("R5 a state proof holds for its state only, and needs the committee's word for it") {
  chain_at_work c;
  const auto before = c.all();
  const auto proof = c.certificate();
  auto stranger = proof;
  stranger.signatures[0].second = sign(user_key(0), consensus::signing_bytes(proof.statement));
  CHECK(check(before[0], stranger, c.w.committees().heavy.now, c.w.checker) ==
        proof_check::bad_certificate);
  auto extended = before[0];
  extended.path.resize(257);
  CHECK(check(extended, c.root()) == proof_check::bad_shape);
  extended = before[0];
  extended.beside = digest{};
  CHECK(check(extended, c.root()) == proof_check::bad_shape);
  REQUIRE(c.w.pay(user_key(0), tx::transfer{user_key(1).identity, dg(1)}).code == 0);
  CHECK(check(before[0], c.root()) == proof_check::bad_path);
  CHECK(check(ledger::prove_account(c.now(), user_key(0).identity).value(), c.root()) ==
        proof_check::ok);
}
