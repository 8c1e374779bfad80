#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/audits.hpp"

using namespace ledger_test;
using ledger::audit_check;

namespace {

struct opened_audit {
  world w;
  session_id session = w.paired_session(user_key(0));
  job work = w.make_job(user_key(0), session);
  opened_audit() {
    w.settle(work, 1);
    w.open(work);
  }
  validator_id checker(std::size_t i) const { return w.audit(work).stage().seats.at(i).checker; }
  void commit_all() {
    for (std::size_t i = 0; i < 3; ++i)
      w.commit(work, checker(i), work.result);
  }
};

template <class Body>
std::uint16_t number(audit_check x) {
  return code<Body>(x);
}

}  // namespace

TEST_CASE("R17 three checkers of three operators are drawn, none of them the paired validator") {
  world w;
  const auto session = w.paired_session(user_key(0));
  std::vector<job> jobs;
  for (int i = 0; i < 10; ++i)
    jobs.push_back(w.make_job(user_key(0), session));
  w.settle(jobs);
  for (std::uint32_t i = 0; i < 10; ++i)
    REQUIRE(w.prove(w.opening(jobs, i)).code == 0);
  w.block();
  for (const auto& x : jobs) {
    std::set<validator_id> distinct;
    for (const auto& seat : w.audit(x).stage().seats)
      distinct.insert(seat.checker);
    CHECK(distinct.size() == 3);
    CHECK_FALSE(distinct.contains(validator_id{0}));
  }
  CHECK(w.heard<happened::check_requested>().size() == 10);
}

TEST_CASE("R18 only drawn checkers commit, once, in the stage under way") {
  opened_audit a;
  const auto who = a.checker(0);
  const tx::check_commit said{a.work.id(), 0, 0, hash("c")};
  using body = tx::check_commit;
  CHECK(a.w.say(validator_key(0), said).code == number<body>(audit_check::not_a_checker));
  auto other = said;
  other.stage = 1;
  CHECK(a.w.say(validator_key(who.value), other).code == number<body>(audit_check::wrong_stage));
  other = said;
  other.job = hash("no job");
  CHECK(a.w.say(validator_key(who.value), other).code == number<body>(audit_check::unknown_audit));
  CHECK(a.w.say(validator_key(who.value), said).code == 0);
  CHECK(a.w.say(validator_key(who.value), said).code ==
        number<body>(audit_check::already_committed));
  a.w.wait(a.w.start.params.commit_window_ms);
  CHECK(a.w.say(validator_key(a.checker(1).value), said).code ==
        number<body>(audit_check::commit_window_over));
}

TEST_CASE("R18 nothing is revealed before the commit window closes") {
  opened_audit a;
  a.w.commit(a.work, a.checker(0), a.work.result);
  const auto who = validator_key(a.checker(0).value);
  const auto mine = a.w.answer_of(a.work.result, a.checker(0));
  const tx::check_reveal reveal{a.work.id(), 0, 0, mine.salt, mine.result, mine.witness};
  CHECK(a.w.say(who, reveal).code == number<tx::check_reveal>(audit_check::commit_window_open));
  CHECK(a.w.open_commitment(a.work).code ==
        number<tx::open_commitment>(audit_check::commit_window_open));
  CHECK(a.w.say(user_key(0), a.w.evidence(user_key(0), a.work, a.work.result)).code ==
        number<tx::user_evidence>(audit_check::commit_window_open));
  a.w.commit(a.work, a.checker(1), a.work.result);
  a.w.commit(a.work, a.checker(2), a.work.result);  // the last one closes the window early
  CHECK(a.w.say(who, reveal).code == 0);
  CHECK(a.w.say(who, reveal).code == number<tx::check_reveal>(audit_check::already_revealed));
}

TEST_CASE("R18 a reveal must open the commitment, and comes before the deadline") {
  opened_audit a;
  a.commit_all();
  const auto who = validator_key(a.checker(0).value);
  auto mine = a.w.answer_of(a.work.result, a.checker(0));
  const auto reveal = [&] {
    return a.w.say(who, tx::check_reveal{a.work.id(), 0, 0, mine.salt, mine.result, mine.witness})
      .code;
  };
  mine.witness = hash("copied");
  CHECK(reveal() == number<tx::check_reveal>(audit_check::not_committed));
  a.w.wait(a.w.start.params.reveal_window_ms);
  CHECK(reveal() == number<tx::check_reveal>(audit_check::reveal_window_over));
}

TEST_CASE("P's commitment opens with salt and digest only, and once") {
  opened_audit a;
  a.commit_all();
  const auto open = [&](const digest& salt, const digest& result) {
    return a.w.say(user_key(2), tx::open_commitment{a.work.id(), 0, salt, result}).code;
  };
  CHECK(open(a.work.salt, hash("else")) == number<tx::open_commitment>(audit_check::bad_opening));
  CHECK(open(a.work.salt, a.work.result) == 0);
  CHECK(open(a.work.salt, a.work.result) ==
        number<tx::open_commitment>(audit_check::already_opened));
}

TEST_CASE("R16 the user's word needs its signature, and an accusation needs P's") {
  opened_audit a;
  a.commit_all();
  using body = tx::user_evidence;
  CHECK(a.w.say(user_key(1), a.w.evidence(user_key(1), a.work, a.work.result)).code ==
        number<body>(audit_check::bad_evidence));
  auto other = a.w.make_job(user_key(0), a.session);  // a receipt of P, but for another job
  auto accusation = a.w.evidence(user_key(0), a.work, hash("given"));
  accusation.held = other.paper;
  CHECK(a.w.say(user_key(0), accusation).code == number<body>(audit_check::wrong_job));
  accusation.held = a.work.paper;  // P's own leaf does not open to another digest
  accusation.salt = a.work.salt;
  CHECK(a.w.say(user_key(0), accusation).code == number<body>(audit_check::bad_opening));
  const auto fair = a.w.evidence(user_key(0), a.work, a.work.result);
  CHECK(a.w.say(user_key(0), fair).code == 0);
  CHECK(a.w.say(user_key(0), fair).code == number<body>(audit_check::already_said));
}

TEST_CASE("an appeal needs a conviction, and is the convict's") {
  opened_audit a;
  CHECK(a.w.say(validator_key(0), tx::appeal{a.work.id(), 0}).code ==
        number<tx::appeal>(audit_check::not_convicted));
  CHECK(a.w.say(validator_key(0), tx::appeal{hash("x"), 0}).code ==
        number<tx::appeal>(audit_check::unknown_audit));
}
