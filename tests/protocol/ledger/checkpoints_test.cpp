#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/checkpoints.hpp"

using namespace ledger_test;
using ledger::checkpoint_check;
using ledger::opening_check;

TEST_CASE("R15 a checkpoint needs the next sequence, a proof, and a quorum of the Fast committee") {
  world w;
  const auto id = w.paired_session(user_key(0));
  const std::vector jobs{w.make_job(user_key(0), id)};
  const auto number = [](checkpoint_check x) { return code<tx::checkpoint>(x); };
  auto content = w.content_of(jobs);
  CHECK(w.prove(w.make_checkpoint(content, 4)).code == number(checkpoint_check::bad_certificate));
  auto forged = w.make_checkpoint(content);
  forged.content.leaves = 2;
  CHECK(w.prove(forged).code == number(checkpoint_check::bad_proof));
  content.leaves = ledger::checkpoint_leaves_max + 1;
  CHECK(w.prove(w.make_checkpoint(content)).code == number(checkpoint_check::too_many_leaves));
  content = w.content_of(jobs);
  content.sequence = 2;
  CHECK(w.prove(w.make_checkpoint(content)).code == number(checkpoint_check::wrong_sequence));
  CHECK(w.machine.check(ledger::make_unsigned(w.chain(), w.make_checkpoint(content))).later);
  w.settle(jobs);
  CHECK(w.heard<happened::checkpoint_settled>().size() == 1);
  CHECK(w.machine.find_checkpoint(1)->content.leaves == 1);
}

TEST_CASE("R15 claim epochs close once and in order") {
  world w;
  const auto close = [&w](std::uint64_t sequence, std::uint64_t claims, std::uint64_t closes) {
    tx::checkpoint_content content{.sequence = sequence, .claim_epoch = claims};
    content.closes = world::closed({}, closes);
    return w.prove(w.make_checkpoint(content)).code;
  };
  CHECK(close(1, 2, 3) == code<tx::checkpoint>(checkpoint_check::epoch_order));
  CHECK(close(1, 2, 2) == 0);
  CHECK(close(2, 3, 2) == code<tx::checkpoint>(checkpoint_check::epoch_order));
  CHECK(close(2, 1, 1) == code<tx::checkpoint>(checkpoint_check::epoch_order));
  CHECK(close(2, 3, 3) == 0);
}

TEST_CASE("R17 the draw waits for the beacon that the checkpoint's block requested") {
  world w;
  const auto id = w.paired_session(user_key(0));
  const std::vector jobs{w.make_job(user_key(0), id)};
  const auto done =
    w.block({ledger::make_unsigned(w.chain(), w.make_checkpoint(w.content_of(jobs)))});
  CHECK(done.beacon_requests == std::vector{w.machine.height()});
  CHECK_FALSE(w.machine.find_checkpoint(1)->beacon);
  w.block();
  CHECK(w.machine.find_checkpoint(1)->drawn == std::vector<std::uint32_t>{0});
  CHECK(w.heard<happened::checkpoint_drawn>().size() == 1);
}

TEST_CASE("R17 about a fifth of the leaves are drawn at the dev rate, and only those are opened") {
  world w(test_genesis(dev_preset()));
  const auto id = w.paired_session(user_key(0));
  std::vector<job> jobs;
  for (int i = 0; i < 100; ++i)
    jobs.push_back(w.make_job(user_key(0), id));
  w.settle(jobs);
  const auto drawn = w.machine.find_checkpoint(1)->drawn;
  CHECK(drawn.size() > 5);
  CHECK(drawn.size() < 40);
  for (std::uint32_t i = 0; i < 100; ++i) {
    const bool is_drawn = std::find(drawn.begin(), drawn.end(), i) != drawn.end();
    CHECK(w.machine.check(ledger::make_unsigned(w.chain(), w.opening(jobs, i))).code ==
          (is_drawn ? 0 : code<tx::open_leaf>(opening_check::not_drawn)));
  }
}

TEST_CASE("R16 an opening must lead to the settled root and hold both signatures") {
  world w;
  const auto id = w.paired_session(user_key(0));
  const std::vector jobs{w.make_job(user_key(0), id), w.make_job(user_key(0), id)};
  w.settle(jobs);
  const auto number = [](opening_check x) { return code<tx::open_leaf>(x); };
  auto wrong = w.opening(jobs, 0);
  wrong.index = 1;
  CHECK(w.prove(wrong).code == number(opening_check::bad_path));
  wrong = w.opening(jobs, 0);
  wrong.content.validator.value[3] ^= 1;
  CHECK(w.prove(wrong).code == number(opening_check::bad_receipt));
  wrong = w.opening(jobs, 0);
  wrong.checkpoint = 4;
  CHECK(w.prove(wrong).code == number(opening_check::unknown_checkpoint));
  CHECK(w.prove(w.opening(jobs, 0)).code == 0);
  CHECK(w.prove(w.opening(jobs, 0)).code == number(opening_check::already_open));
}

TEST_CASE("signers of a checkpoint whose drawn leaf stays closed are fined once") {
  world w;
  const auto id = w.paired_session(user_key(0));
  w.settle(w.make_job(user_key(0), id));
  w.wait(w.start.params.open_deadline_ms - 500);
  CHECK(w.validator(0).stake == dg(1'000));
  w.wait(10'000);
  CHECK(w.validator(0).stake == dg(999));
  CHECK(w.validator(4).stake == dg(999));
  CHECK(w.validator(5).stake == dg(1'000));  // did not sign
  CHECK(w.validator(0).active());
  CHECK(w.machine.where_supply_is().audit_fund == dg(5));
}

TEST_CASE("R17 whoever signs for the opening of a drawn leaf is paid for it out of the audit fund") {
  world w;
  const auto id = w.paired_session(user_key(0));
  REQUIRE(w.say(user_key(0), w.report(id, {w.answer(id, 0, 1), w.answer(id, 1, 2)})).code == 0);
  const std::vector jobs{w.make_job(user_key(0), id), w.make_job(user_key(0), id)};
  w.settle(jobs, 1);
  const auto fee = w.start.params.opening_fee;
  const auto before = w.balance(user_key(3));
  const auto fund = w.machine.where_supply_is().audit_fund;
  REQUIRE(fund >= fee);
  REQUIRE(w.say(user_key(3), w.opening(jobs, 0)).code == 0);
  CHECK(w.balance(user_key(3)) - before == fee);
  CHECK(fund - w.machine.where_supply_is().audit_fund == fee);
  REQUIRE(w.prove(w.opening(jobs, 1)).code == 0);  // nobody signed: nobody is paid
  CHECK(fund - w.machine.where_supply_is().audit_fund == fee);
}
