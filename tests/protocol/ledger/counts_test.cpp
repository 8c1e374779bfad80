// What an epoch's totals count and nobody shows (R15; protocol.md section 2, step 9).
#include "tests/support/ledger_fixture.hpp"

#include "protocol/job/placed_leaf.hpp"
#include "protocol/ledger/counts.hpp"

using namespace ledger_test;
using ledger::claim_check;
using ledger::count_check;

namespace {

/// Two jobs of validator 0 and one of validator 1, all in checkpoint 1, counted in epoch 1.
struct books {
  world w;
  session_id session = w.paired_session(user_key(0));
  std::vector<job> jobs{w.make_job(user_key(0), session), w.make_job(user_key(0), session),
                        w.make_job(user_key(0), session, 1)};
  epoch_tree tree = world::tree_of(jobs, 1);
  epoch_tree::owner mine{{0}, session};

  static genesis quiet() {
    auto p = dev_preset();
    p.audit_rate_ppm = 1;
    p.audit_rate_floor_ppm = 0;
    p.mode = audit_mode::whitepaper;
    p.value_cap_floor = {1};
    return test_genesis(p);
  }
  books() : w(quiet()) {
    auto content = w.content_of(jobs, 1);
    content.closes = tree.closed(1);
    REQUIRE(w.prove(w.make_checkpoint(content)).code == 0);
    w.checkpoints = 1;
    w.block();
  }
  std::uint16_t ask(std::uint32_t entry, std::uint32_t job, std::uint64_t epoch = 1) {
    return w.say(user_key(1), tx::ask_for_count{epoch, entry, job}).code;
  }
  std::uint16_t show(const tx::show_count& x) { return w.prove(x).code; }
  tx::show_count answer(std::uint32_t job) const {
    return {job, tree.place(1, mine, job), jobs[job].paper.content};
  }
  static std::uint16_t asking(count_check x) { return code<tx::ask_for_count>(x); }
  static std::uint16_t showing(count_check x) { return code<tx::show_count>(x); }
  std::uint16_t claim(std::uint32_t validator) {
    return w.say(user_key(3), tree.claim(1, {validator})).code;
  }
};

}  // namespace

TEST_CASE("R15 a counted job that is asked for and not shown makes its entry void: it is never paid, "
          "others are, and the question costs nothing") {
  books b;
  const auto before = b.w.balance(user_key(1));
  REQUIRE(b.ask(0, 1) == 0);
  CHECK(b.w.balance(user_key(1)) == before - b.w.start.params.opening_fee);
  CHECK(b.w.machine.where_supply_is().deposits >= b.w.start.params.opening_fee);
  b.w.wait(b.w.start.params.delivery_window_ms + 500);
  CHECK(b.w.balance(user_key(1)) == before);
  CHECK(b.w.heard<happened::entry_voided>().size() == 1);
  CHECK(b.ask(0, 0) == b.asking(count_check::already_asked));
  b.w.wait(ledger::fraud_window_ms(b.w.start.params));
  CHECK(b.claim(0) == code<tx::claim>(claim_check::voided));
  CHECK(b.claim(1) == 0);
  CHECK(b.w.heard<happened::claim_paid>().size() == 1);
}

TEST_CASE("R15 a counted job that is shown is paid, after the question, and the deposit is its "
          "validator's") {
  books b;
  const auto before = b.w.balance(validator_key(0));
  REQUIRE(b.ask(0, 1) == 0);
  CHECK(b.ask(0, 1) == b.asking(count_check::already_asked));
  REQUIRE(b.show(b.answer(1)) == 0);
  CHECK(b.w.balance(validator_key(0)) == before + b.w.start.params.opening_fee);
  CHECK(b.show(b.answer(1)) == b.showing(count_check::not_asked));
  REQUIRE(b.w.heard<happened::count_shown>().size() == 1);
  CHECK(b.w.heard<happened::count_shown>()[0].content == b.jobs[1].paper.content);
  b.w.wait(ledger::fraud_window_ms(b.w.start.params) + 500);
  CHECK(b.claim(0) == 0);
  CHECK(b.w.heard<happened::entry_voided>().empty());
}

TEST_CASE("R15 while a counted job is asked for its entry is not paid") {
  books b;
  b.w.wait(ledger::fraud_window_ms(b.w.start.params) - 1'000);
  REQUIRE(b.ask(0, 0) == 0);
  b.w.wait(1'500);
  CHECK(b.claim(0) == code<tx::claim>(claim_check::count_open));
  REQUIRE(b.show(b.answer(0)) == 0);
  CHECK(b.claim(0) == 0);
}

TEST_CASE("R15 only the job asked for answers, with its own leaf, and an entry that is shorter answers by "
          "any of its jobs") {
  books b;
  REQUIRE(b.ask(0, 1) == 0);
  auto other = b.answer(0);
  other.asked = 1;
  CHECK(b.show(other) == b.showing(count_check::bad_path));
  auto forged = b.answer(1);
  forged.content.fee += 1;
  CHECK(b.show(forged) == b.showing(count_check::wrong_leaf));
  auto moved = b.answer(1);
  moved.counted.job.price += 1;
  CHECK(b.show(moved) == b.showing(count_check::bad_path));
  REQUIRE(b.ask(0, 7) == 0);
  auto shorter = b.answer(0);
  shorter.asked = 7;
  CHECK(b.show(shorter) == 0);
  CHECK(b.show(b.answer(1)) == 0);
}

TEST_CASE("R15 counted jobs are asked for in closed epochs alone, within their entries, in time, and by "
          "whoever can pay the deposit") {
  books b;
  CHECK(b.ask(0, 0, 9) == b.asking(count_check::unknown_epoch));
  CHECK(b.ask(2, 0) == b.asking(count_check::no_such_entry));
  CHECK(b.w.say(validator_key(6 + 7), tx::ask_for_count{1, 0, 0}).code ==
        b.asking(count_check::insufficient_funds));
  b.w.wait(ledger::fraud_window_ms(b.w.start.params) + 500);
  CHECK(b.ask(0, 0) == b.asking(count_check::too_late));
}

TEST_CASE("R27 a faulted leaf that was ordered unpaid takes nothing out of its session's claim") {
  for (const bool payable : {false, true}) {
    CAPTURE(payable);
    world w{test_genesis(all_drawn(), dg(1'000), 7)};
    const auto session = w.paired_session(user_key(0));
    const auto right = w.make_job(user_key(0), session);
    const auto wrong = w.make_job(user_key(0), session, 0, hash("wrong"));
    const std::vector<digest> leaves{placed_leaf(right.paper.content, true),
                                     placed_leaf(wrong.paper.content, payable)};
    tx::checkpoint_content content{.sequence = 1, .fast_height = 1, .claim_epoch = 1,
                                   .leaf_root = merkle_root(leaves), .leaves = 2};
    epoch_tree tree;
    tree.add(right.paper.content, 1, 0);
    if (payable)
      tree.add(wrong.paper.content, 1, 1);
    content.closes = tree.closed(1);
    REQUIRE(w.prove(w.make_checkpoint(content)).code == 0);
    w.checkpoints = 1;
    w.block();
    const auto audit = [&](const job& x, std::uint32_t index) {
      REQUIRE(w.prove(tx::open_leaf{1, index, x.paper, merkle_path(leaves, index)}).code == 0);
      w.block();
      w.check_all(x, {hash("right")});
      REQUIRE(w.open_commitment(x).code == 0);
      REQUIRE(w.say(user_key(0), w.evidence(user_key(0), x, x.result)).code == 0);
      w.block();
    };
    audit(right, 0);
    audit(wrong, 1);
    w.check_all(wrong, {hash("right")});  // the last stage
    w.wait(w.start.params.appeal_window_ms + 500);
    CHECK(w.validator(0).stake == dg(660));
    REQUIRE(w.collect(user_key(3), tree.claim(1, {0})).code == 0);
    CHECK(w.machine.find_session(session)->paid == dg(1));
  }
}
