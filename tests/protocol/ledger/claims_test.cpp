#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/claims.hpp"

using namespace ledger_test;
using ledger::claim_check;

namespace {

std::uint16_t number(claim_check x) { return code<tx::claim>(x); }

}  // namespace

TEST_CASE("a claim is paid once, split exactly, when its epoch is closed and its audits are done") {
  world w;
  const auto id = w.paired_session(user_key(0));
  const auto work = w.make_job(user_key(0), id);
  const auto claim = world::claim_of(work, 1);
  CHECK(w.say(user_key(3), claim).code == number(claim_check::unknown_epoch));
  w.settle(work, 1);
  CHECK(w.say(user_key(3), claim).code == number(claim_check::not_settled));  // leaf not opened
  w.open(work);
  CHECK(w.say(user_key(3), claim).code == number(claim_check::open_to_proofs));
  w.check_all(work, {work.result});
  REQUIRE(w.open_commitment(work).code == 0);
  REQUIRE(w.say(user_key(0), w.evidence(user_key(0), work, work.result)).code == 0);
  w.block();
  const auto before = w.balance(validator_key(0));
  const auto fund = w.machine.where_supply_is().audit_fund;
  REQUIRE(w.collect(user_key(3), claim).code == 0);
  CHECK(w.balance(validator_key(0)) - before == amount{units_per_dg * 28 / 100});
  CHECK(w.machine.where_supply_is().audit_fund - fund == amount{units_per_dg * 70 / 100});
  CHECK(w.machine.where_supply_is().burned == amount{units_per_dg * 2 / 100});
  CHECK(w.machine.find_session(id)->paid == dg(1));
  CHECK(w.machine.find_session(id)->lanes.at({0}).left() == dg(59));
  CHECK(w.say(user_key(3), claim).code == number(claim_check::already_claimed));
}

namespace {

genesis quiet_genesis() {
  auto p = dev_preset();
  p.audit_rate_ppm = 1;  // nothing is drawn
  p.audit_rate_floor_ppm = 0;
  p.mode = audit_mode::whitepaper;
  p.value_cap_floor = {1};
  return test_genesis(p);
}

}  // namespace

TEST_CASE("a claim's totals must be the epoch's, and its lane must hold them") {
  world w(quiet_genesis());
  const auto id = w.paired_session(user_key(0), dg(4));  // validator 0 is promised 2.4 DG
  std::vector<job> jobs;
  for (int i = 0; i < 3; ++i)
    jobs.push_back(w.make_job(user_key(0), id));
  w.settle(jobs, 1);
  w.block();
  auto wrong = world::claim_of(jobs, 1);
  wrong.entries[0].price += 1;
  CHECK(w.collect(user_key(3), wrong).code == number(claim_check::bad_path));
  wrong = world::claim_of(jobs, 1);
  wrong.validator = {1};
  CHECK(w.say(user_key(3), wrong).code == number(claim_check::bad_path));
  wrong.validator = {99};
  CHECK(w.say(user_key(3), wrong).code == number(claim_check::unknown_validator));
  wrong = world::claim_of(jobs, 1);
  wrong.entries[0].session = {99};
  CHECK(w.say(user_key(3), wrong).code == number(claim_check::bad_path));
  wrong.entries.clear();
  CHECK(w.say(user_key(3), wrong).code == number(claim_check::too_many_entries));
  wrong.entries.resize(tx::claim_entries_max + 1);
  CHECK(w.say(user_key(3), wrong).code == number(claim_check::too_many_entries));
  const auto refused = w.say(user_key(3), world::claim_of(jobs, 1));
  CHECK(refused.code == number(claim_check::lane_exhausted));
  CHECK(refused.reason == "price 3 DG exceeds the lane's 2.4 DG");
}

TEST_CASE("one claim pays a validator's sessions, each once, and leaves out what cannot be paid yet") {
  world w(quiet_genesis());
  std::vector<job> jobs;
  std::vector<session_id> sessions;
  for (std::uint32_t i = 0; i < 3; ++i)
    sessions.push_back(w.paired_session(user_key(i), i == 1 ? dg(1) : dg(10)));
  for (std::uint32_t i = 0; i < 3; ++i)
    jobs.push_back(w.make_job(user_key(i), sessions[i]));  // of user 1's lane only 0.6 DG are left
  w.settle(jobs, 1);
  const auto owed = world::claim_of(jobs, 1);
  REQUIRE(owed.entries.size() == 3);
  REQUIRE(w.collect(user_key(3), owed).code == 0);
  CHECK(w.machine.find_session(sessions[0])->paid == dg(1));
  CHECK(w.machine.find_session(sessions[1])->paid == amount{});
  CHECK(w.machine.find_session(sessions[2])->paid == dg(1));
  CHECK(w.validator(0).claims_paid == 2);
  CHECK(w.say(user_key(3), owed).code != 0);
  CHECK(w.validator(0).claims_paid == 2);
}

TEST_CASE("R8 an unaudited job leaves at most 2 bytes on Heavy at 1,000 jobs per block") {
  const std::uint32_t jobs = 10'000, sessions = 100;  // ten blocks, one checkpoint
  epoch_tree tree;
  for (std::uint32_t i = 0; i < jobs; ++i)
    tree.add({.job = hash("job", i), .session = {i % sessions}, .units = 1, .fee = 1}, 1, i);
  const auto owed = tree.claim(1, {0});
  REQUIRE(owed.entries.size() == sessions);
  world w(quiet_genesis());
  const auto claimed = w.duty(user_key(0), owed).size();
  tx::checkpoint_content content{.sequence = 1, .leaves = jobs, .closes = tree.closed(1)};
  const auto settled = ledger::make_unsigned(w.chain(), w.make_checkpoint(content)).size();
  MESSAGE("claim " << claimed << " bytes, checkpoint " << settled << " bytes, per job "
                   << static_cast<double>(claimed + settled) / jobs);
  CHECK(claimed + settled <= 2 * jobs);
}

TEST_CASE("R28 an open audit keeps back its own validator's claims, and nobody else's") {
  world w;
  const auto id = w.paired_session(user_key(0));
  const std::vector jobs{w.make_job(user_key(0), id, 0), w.make_job(user_key(0), id, 1)};
  w.settle(jobs, 1);
  for (const std::uint32_t i : {0u, 1u})
    REQUIRE(w.prove(w.opening(jobs, i)).code == 0);
  w.block();
  w.check_all(jobs[1], {jobs[1].result});
  REQUIRE(w.open_commitment(jobs[1]).code == 0);
  REQUIRE(w.say(user_key(0), w.evidence(user_key(0), jobs[1], jobs[1].result)).code == 0);
  const auto tree = world::tree_of(jobs);
  REQUIRE(w.machine.find_audit(jobs[1].id(), 0)->settled);
  REQUIRE_FALSE(w.machine.find_audit(jobs[0].id(), 0)->settled);
  CHECK(w.collect(user_key(3), tree.claim(1, {1})).code == 0);
  CHECK(w.say(user_key(3), tree.claim(1, {0})).code != 0);
  CHECK(w.machine.find_session(id)->paid == dg(1));
}
