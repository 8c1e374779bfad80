// A dishonest Fast committee: more than it may have of corrupt members has certified totals that its
// own leaves contradict (R15; protocol.md section 2, step 9).
#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/claim_fraud.hpp"

using namespace ledger_test;
using ledger::fraud_check;

namespace {

std::uint16_t number(fraud_check x) { return code<tx::claim_fraud>(x); }

genesis quiet_genesis() {
  auto p = dev_preset();
  p.audit_rate_ppm = 1;  // nothing is drawn
  p.audit_rate_floor_ppm = 0;
  p.mode = audit_mode::whitepaper;
  p.value_cap_floor = {1};
  return test_genesis(p);
}

/// Two honest jobs of one session in checkpoint 1, and what is counted of them in epoch 1.
struct totals {
  world w{quiet_genesis()};
  session_id session = w.paired_session(user_key(0));
  std::vector<job> jobs{w.make_job(user_key(0), session), w.make_job(user_key(0), session)};
  epoch_tree tree = world::tree_of(jobs, 1);
  epoch_tree::owner owner{{0}, session};

  const leaf& content(std::size_t i) const { return jobs[i].paper.content; }
  void close() {
    auto content = w.content_of(jobs, 1);
    content.closes = tree.closed(1);
    const auto done = w.prove(w.make_checkpoint(content));
    REQUIRE_MESSAGE(done.code == 0, done.reason);
    w.checkpoints = 1;
    w.block();
  }
  tx::counted_place place(std::uint32_t index) const { return tree.place(1, owner, index); }
  tx::leaf_not_there instead(std::uint32_t index) {
    const auto leaves = world::leaf_hashes(jobs);
    const auto& record = *w.machine.find_checkpoint(1);
    return {record.content, {}, leaves[index], merkle_path(leaves, index)};
  }
  std::uint16_t show(const tx::claim_fraud& x) { return w.say(user_key(2), x).code; }
  /// What the claim pays in the end, in prices.
  amount paid() {
    REQUIRE(w.collect(user_key(3), tree.claim(1, {0})).code == 0);
    return w.machine.find_session(session)->paid;
  }
};

}  // namespace

TEST_CASE("R15 a leaf that was never ordered is taken out, and who certified it pays, once") {
  totals t;
  t.tree.count(t.owner, {hash("made up"), 1, 0, 5 * nano_per_dg, 5'000});
  t.tree.count(t.owner, {hash("beyond"), 1, 2, nano_per_dg, 1'000});
  t.tree.count(t.owner, {hash("elsewhere"), 2, 0, nano_per_dg, 1'000});
  t.close();
  const auto before = t.w.balance(user_key(2));
  REQUIRE(t.show({t.place(2), t.instead(0)}) == 0);
  CHECK(t.w.balance(user_key(2)) - before == t.w.start.params.bounty);
  for (std::uint32_t i = 0; i < 5; ++i)  // the five that signed
    CHECK(t.w.validator(i).stake == dg(660));
  CHECK(t.w.validator(5).stake == dg(1'000));
  CHECK(t.show({t.place(2), t.instead(0)}) == number(fraud_check::already_shown));
  CHECK(t.show({t.place(3), t.instead(0)}) == 0);
  CHECK(t.show({t.place(4), tx::leaf_not_there{}}) == 0);
  CHECK(t.w.validator(0).stake == dg(660));  // one conviction for one statement
  CHECK(t.paid() == dg(2));
  CHECK(t.w.heard<happened::claim_disproved>().size() == 3);
}

TEST_CASE("R15 a leaf counted for more than it says, or for another, is taken out") {
  totals t;
  auto dear = t.content(0);
  epoch_tree tree;
  tree.count(t.owner, {leaf_hash(dear), 1, 0, dear.fee + 1, dear.units});
  tree.count(t.owner, {leaf_hash(t.content(1)), 1, 1, t.content(1).fee, t.content(1).units});
  tree.count({{1}, t.session}, {leaf_hash(dear), 1, 0, dear.fee, dear.units});
  t.tree = tree;
  t.close();
  CHECK(t.show({t.place(0), tx::leaf_differs{t.content(1)}}) == number(fraud_check::wrong_leaf));
  CHECK(t.show({t.place(1), tx::leaf_differs{t.content(1)}}) == number(fraud_check::nothing_wrong));
  CHECK(t.show({t.place(0), tx::leaf_differs{dear}}) == 0);
  CHECK(t.show({tree.place(1, {{1}, t.session}, 0), tx::leaf_differs{dear}}) == 0);
  CHECK(t.paid() == dg(1));
}

TEST_CASE("attack: double payment by fail-over: a job counted for two attempts is paid for the first") {
  totals t;
  auto order = t.jobs[0].paper.order.content;
  order.attempt = 1;
  order.validator = {1};
  const auto again = make_leaf(order, 1'000, hash("the stand-in's"));
  t.tree.add(again, 1, 2);
  t.tree.add(t.content(1), 1, 1);  // and one leaf simply twice
  t.close();
  const auto stand_in = t.tree.place(1, {{1}, t.session}, 0);
  const auto first = t.place(0);
  CHECK(t.show({first, tx::job_counted_twice{t.content(0), stand_in, again}}) ==
        number(fraud_check::nothing_wrong));  // the first in Fast's order is payable
  CHECK(t.show({stand_in, tx::job_counted_twice{again, t.place(1), t.content(1)}}) ==
        number(fraud_check::nothing_wrong));
  CHECK(t.show({stand_in, tx::job_counted_twice{again, first, t.content(1)}}) ==
        number(fraud_check::wrong_leaf));
  CHECK(t.show({stand_in, tx::job_counted_twice{again, first, t.content(0)}}) == 0);
  CHECK(t.show({t.place(2), tx::job_counted_twice{t.content(1), t.place(1), t.content(1)}}) == 0);
  CHECK(t.show({t.place(1), tx::job_counted_twice{t.content(1), t.place(2), t.content(1)}}) ==
        number(fraud_check::nothing_wrong));  // one of the two remains
  CHECK(t.paid() == dg(2));
  REQUIRE(t.w.say(user_key(3), t.tree.claim(1, {1})).code == 0);
  CHECK(t.w.heard<happened::claim_paid>().back().to_validator == amount{});
}

TEST_CASE("R15 honest totals cannot be disproved, and nothing is heard once they are payable") {
  totals t;
  CHECK(t.show({t.place(0), tx::leaf_not_there{}}) == number(fraud_check::unknown_epoch));
  t.close();
  CHECK(t.show({t.place(0), t.instead(0)}) == number(fraud_check::nothing_wrong));
  CHECK(t.show({t.place(0), tx::leaf_not_there{}}) == number(fraud_check::bad_checkpoint));
  auto lying = t.instead(1);
  CHECK(t.show({t.place(0), lying}) == number(fraud_check::bad_path));  // it is at index 1
  lying.checkpoint.leaves = 0;
  CHECK(t.show({t.place(0), lying}) == number(fraud_check::bad_checkpoint));
  auto elsewhere = t.place(0);
  elsewhere.job.checkpoint = 9;
  CHECK(t.show({elsewhere, tx::leaf_not_there{}}) == number(fraud_check::bad_path));
  CHECK(t.show({t.place(0), tx::job_counted_twice{t.content(0), t.place(0), t.content(0)}}) ==
        number(fraud_check::nothing_wrong));
  CHECK(t.w.say(user_key(3), t.tree.claim(1, {0})).code ==
        code<tx::claim>(ledger::claim_check::open_to_proofs));
  CHECK(t.paid() == dg(2));
  CHECK(t.show({t.place(0), tx::leaf_differs{t.content(0)}}) == number(fraud_check::too_late));
  for (std::uint32_t i = 0; i < 7; ++i)
    CHECK(t.w.validator(i).stake == dg(1'000));
}
