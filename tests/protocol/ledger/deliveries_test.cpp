#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/deliveries.hpp"

using namespace ledger_test;
using ledger::claim_check;
using ledger::delivery_check;

namespace {

std::uint16_t asking(delivery_check x) { return code<tx::not_delivered>(x); }
std::uint16_t answering(delivery_check x) { return code<tx::delivered>(x); }

genesis quiet(std::uint64_t delivery_window_ms = dev_preset().delivery_window_ms) {
  auto p = dev_preset();
  p.delivery_window_ms = delivery_window_ms;
  p.audit_rate_ppm = 1;
  p.audit_rate_floor_ppm = 0;
  p.mode = audit_mode::whitepaper;
  p.value_cap_floor = {1};
  return test_genesis(p);
}

/// Two settled jobs of validator 0 for user 0, of whom the first says that it got nothing.
struct quarrel {
  world w;
  session_id session = w.paired_session(user_key(0));
  std::vector<job> jobs{w.make_job(user_key(0), session), w.make_job(user_key(0), session)};

  explicit quarrel(genesis start = quiet()) : w(std::move(start)) { w.settle(jobs, 1); }
  tx::not_delivered missing(std::uint32_t i = 0) const {
    return {jobs[i].paper, w.machine.find_checkpoint(1)->content, {}, i,
            merkle_path(world::leaf_hashes(jobs), i)};
  }
  std::uint16_t ask(const tx::not_delivered& x) { return w.say(user_key(0), x).code; }
  tx::delivered answer(std::vector<consensus::author_index> members, const digest& commitment) const {
    tx::delivered x{.said = {jobs[0].id(), 0, {0}, {}, {}}, .signatures = {}};
    for (const auto i : members)
      x.signatures.emplace_back(
        i, sign(validator_key(w.committees().fast.now.ids[i]),
                ledger::delivered_statement(w.chain(), jobs[0].id(), 0, commitment)));
    return x;
  }
  std::uint16_t store(std::vector<consensus::author_index> members) {
    return w.prove(answer(members, jobs[0].paper.content.commitment)).code;
  }
  amount paid() {
    REQUIRE(w.collect(user_key(3), world::claim_of(jobs, 1)).code == 0);
    return w.machine.find_session(session)->paid;
  }
};

}  // namespace

TEST_CASE("step 9: a result that nobody delivers in time is not paid, and the deposit returns") {
  quarrel q;
  const auto before = q.w.balance(user_key(0));
  REQUIRE(q.ask(q.missing()) == 0);
  CHECK(before - q.w.balance(user_key(0)) == q.w.start.params.opening_fee);
  CHECK(q.ask(q.missing()) == asking(delivery_check::already_asked));
  q.w.wait(q.w.start.params.delivery_window_ms + 500);
  CHECK(q.w.balance(user_key(0)) == before);
  CHECK_FALSE(q.w.heard<happened::delivery_settled>().back().delivered);
  CHECK(q.paid() == dg(1));
  CHECK(q.w.heard<happened::claim_paid>().back().units == 1'000);
}

TEST_CASE("step 9: f+1 members that hold the result settle it, and the validator is paid") {
  quarrel q;
  CHECK(q.store({0, 1, 2}) == answering(delivery_check::not_asked));
  REQUIRE(q.ask(q.missing()) == 0);
  CHECK(q.store({0, 1}) == answering(delivery_check::no_answer));
  CHECK(q.store({0, 1, 1}) == answering(delivery_check::no_answer));
  CHECK(q.w.prove(q.answer({0, 1, 2}, hash("another result"))).code ==
        answering(delivery_check::no_answer));
  const auto before = q.w.balance(validator_key(0));
  REQUIRE(q.store({1, 4, 6}) == 0);
  CHECK(q.w.balance(validator_key(0)) - before == q.w.start.params.opening_fee);
  CHECK(q.ask(q.missing()) == asking(delivery_check::already_asked));
  CHECK(q.paid() == dg(2));
}

TEST_CASE("attack: refund of a delivered result: the user's own acknowledgement answers for it") {
  quarrel q;
  REQUIRE(q.ask(q.missing()) == 0);
  tx::delivered x{.said = {q.jobs[0].id(), 0, {0}, q.jobs[0].result, {}}, .signatures = {}};
  x.said.user = sign(user_key(1), acknowledgement_statement(q.w.chain(), x.said));
  CHECK(q.w.prove(x).code == answering(delivery_check::no_answer));
  x.said.user = sign(user_key(0), acknowledgement_statement(q.w.chain(), x.said));
  REQUIRE(q.w.prove(x).code == 0);
  CHECK(q.paid() == dg(2));
}

TEST_CASE("step 9: only its user asks, for a settled leaf, in time, and pays for the answer") {
  quarrel q;
  CHECK(q.w.say(user_key(1), q.missing()).code == asking(delivery_check::not_the_user));
  auto x = q.missing();
  x.index = 1;
  CHECK(q.ask(x) == asking(delivery_check::not_settled));
  x = q.missing();
  x.settled.leaves += 1;
  CHECK(q.ask(x) == asking(delivery_check::not_settled));
  x = q.missing();
  x.settled.claim_epoch = 9;
  CHECK(q.ask(x) == asking(delivery_check::not_settled));
  x = q.missing();
  x.held.deadline_ms += 1;  // not what the validator signed
  CHECK(q.ask(x) == asking(delivery_check::bad_receipt));
  q.w.wait(q.w.start.params.delivery_window_ms + 500);
  CHECK(q.ask(q.missing()) == asking(delivery_check::too_late));
  CHECK(q.paid() == dg(2));
  CHECK(q.ask(q.missing()) == asking(delivery_check::too_late));
}

TEST_CASE("step 9: a result is asked for as long as its epoch is not settled, whenever its leaf was due") {
  world w(quiet());
  const auto session = w.paired_session(user_key(0));
  const auto x = w.make_job(user_key(0), session);
  w.settle(x, 1, false);
  w.wait(x.paper.deadline_ms + 2 * w.start.params.delivery_window_ms);
  CHECK(w.say(user_key(0), tx::not_delivered{x.paper, w.machine.find_checkpoint(1)->content, {}, 0, {}})
          .code == 0);
}

TEST_CASE("step 9: while a result is asked for, the session's claim waits") {
  quarrel q{quiet(8'000)};
  q.w.wait(7'000);
  REQUIRE(q.ask(q.missing()) == 0);
  q.w.wait(q.w.start.params.epoch_ms - 7'000);
  CHECK(q.w.say(user_key(3), world::claim_of(q.jobs, 1)).code ==
        code<tx::claim>(claim_check::delivery_open));
  q.w.wait(q.w.start.params.delivery_window_ms);
  CHECK(q.w.say(user_key(3), world::claim_of(q.jobs, 1)).code == 0);
  CHECK(q.w.machine.find_session(q.session)->paid == dg(1));
}

TEST_CASE("step 9: a job that is convicted and not delivered is taken out once, and the others are paid") {
  world w(test_genesis(all_drawn(), dg(3'500)));
  const auto session = w.paired_session(user_key(0), dg(1'000));
  const std::vector jobs{w.make_job(user_key(0), session, 0, hash("wrong")),
                         w.make_job(user_key(0), session)};
  w.settle(jobs, 1);
  REQUIRE(w.say(user_key(0), tx::not_delivered{jobs[0].paper, w.machine.find_checkpoint(1)->content,
                                               {}, 0, merkle_path(world::leaf_hashes(jobs), 0)})
            .code == 0);
  for (const std::uint32_t i : {0u, 1u}) {
    REQUIRE(w.prove(w.opening(jobs, i)).code == 0);
    w.block();
    w.check_all(jobs[i], {hash("right")});
    REQUIRE(w.open_commitment(jobs[i]).code == 0);
    REQUIRE(w.say(user_key(0), w.evidence(user_key(0), jobs[i], jobs[i].result)).code == 0);
    w.block();
  }
  w.check_all(jobs[0], {hash("right")});  // the last stage
  w.wait(w.start.params.delivery_window_ms + w.start.params.appeal_window_ms);
  CHECK(w.audit(jobs[0]).ruling.outcome == audit_outcome::fault);
  CHECK_FALSE(w.heard<happened::delivery_settled>().at(0).delivered);
  REQUIRE(w.collect(user_key(3), world::claim_of(jobs, 1)).code == 0);
  CHECK(w.machine.find_session(session)->paid == dg(1));
}
