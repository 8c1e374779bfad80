#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/checkpoints.hpp"
#include "protocol/ledger/claims.hpp"

using namespace ledger_test;
using ledger::claim_check;
using ledger::opening_check;

namespace {

/// A newcomer, validator 7 with user 3's key, on a chain that draws almost nothing.
struct newcomer {
  world w;
  session_id session;
  static genesis start() {
    auto p = dev_preset();
    p.audit_rate_ppm = 1;
    p.fee_audit_permille = 100, p.fee_validator_permille = 880;
    p.value_cap_floor = {1};
    p.probation_jobs = 2, p.probation_payers = 1, p.probation_units = 1;
    return test_genesis(p);
  }
  newcomer() : w(start()) {
    REQUIRE(w.pay(user_key(3), tx::join{.operator_id = 77, .stake = dg(1'000), .ask = nano_per_dg,
                                        .name = "new"}).code == 0);
    session = w.open_session(user_key(0));
    auto entry = w.answer(session, 0, 1);
    entry.validator = {7};
    entry.by = sign(user_key(3), ledger::echo_statement(w.chain(), session, hash("package", session),
                                                        {7}, entry.result));
    REQUIRE(w.say(user_key(0), w.report(session, {entry})).code == 0);
  }
  job make_job() {
    auto x = w.make_job(user_key(0), session, 7);
    x.salt = salt_for(user_key(3).secret, x.id(), 0);
    x.paper.content.commitment = commitment_of(x.salt, x.id(), 0, {7}, x.result);
    x.paper.validator = sign(user_key(3), receipt_statement(x.paper.order.content, x.paper.content,
                                                            x.paper.deadline_ms));
    return x;
  }
  void audit(std::span<const job> jobs, std::uint32_t index) {
    const auto done = w.prove(w.opening(jobs, index));
    REQUIRE_MESSAGE(done.code == 0, done.reason);
    w.block();
    const auto& x = jobs[index];
    w.check_all(x, {x.result});
    REQUIRE(w.say(user_key(3), tx::open_commitment{x.id(), 0, x.salt, x.result}).code == 0);
    REQUIRE(w.say(user_key(0), w.evidence(user_key(0), x, x.result)).code == 0);
  }
};

}  // namespace

TEST_CASE("R28 a newcomer opens every leaf, prepays its checks, and is paid when all have passed") {
  newcomer n;
  const std::vector jobs{n.make_job(), n.make_job()};
  n.w.settle(jobs, 1);
  n.w.block();
  const auto claim = world::claim_of(jobs, 1);
  CHECK(n.w.collect(user_key(1), claim).code == code<tx::claim>(claim_check::unproved));
  const auto before = n.w.balance(user_key(3));
  REQUIRE(n.w.prove(n.w.opening(jobs, 0)).code == 0);
  CHECK(before - n.w.balance(user_key(3)) == dg(3));  // three checks at the price of 1 DG
  CHECK(n.w.prove(n.w.opening(jobs, 0)).code ==
        code<tx::open_leaf>(opening_check::already_open));
  n.w.block();
  n.w.check_all(jobs[0], {jobs[0].result});
  REQUIRE(n.w.say(user_key(3), tx::open_commitment{jobs[0].id(), 0, jobs[0].salt, jobs[0].result})
            .code == 0);
  REQUIRE(n.w.say(user_key(0), n.w.evidence(user_key(0), jobs[0], jobs[0].result)).code == 0);
  CHECK(n.w.validator(7).probation->jobs == 1);
  CHECK(n.w.say(user_key(1), claim).code != 0);
  n.audit(jobs, 1);
  CHECK_FALSE(n.w.validator(7).probation);  // two jobs of one payer
  REQUIRE(n.w.collect(user_key(1), claim).code == 0);
  CHECK(n.w.heard<happened::claim_paid>().back().units == 2'000);
}

TEST_CASE("R28 after probation, later epochs are paid as drawn, earlier ones as proved") {
  newcomer n;
  const std::vector jobs{n.make_job(), n.make_job(), n.make_job()};
  n.w.settle(jobs, 1);
  n.w.block();
  n.audit(jobs, 0);
  n.audit(jobs, 1);
  REQUIRE_FALSE(n.w.validator(7).probation);
  CHECK(n.w.collect(user_key(1), world::claim_of(jobs, 1)).code ==
        code<tx::claim>(claim_check::unproved));
  n.audit(jobs, 2);
  CHECK(n.w.collect(user_key(1), world::claim_of(jobs, 1)).code == 0);
  const std::vector later{n.make_job()};
  n.w.settle(later, 2);
  n.w.block();
  CHECK(n.w.prove(n.w.opening(later, 0)).code == code<tx::open_leaf>(opening_check::not_drawn));
  CHECK(n.w.collect(user_key(1), world::claim_of(later, 2)).code == 0);
}

TEST_CASE("R28 undrawn leaves of others stay closed, and genesis' validators serve no probation") {
  newcomer n;
  CHECK_FALSE(n.w.validator(0).probation);
  const auto id = n.w.paired_session(user_key(1));
  const std::vector jobs{n.w.make_job(user_key(1), id)};
  n.w.settle(jobs, 1);
  n.w.block();
  CHECK(n.w.prove(n.w.opening(jobs, 0)).code == code<tx::open_leaf>(opening_check::not_drawn));
  CHECK(n.w.collect(user_key(2), world::claim_of(jobs, 1)).code == 0);
}
