#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/disputes.hpp"

using namespace ledger_test;
using ledger::dispute_check;

namespace {

/// An audit whose result is real bytes, so that witnesses mean something.
struct library {
  world w;
  session_id session = w.paired_session(user_key(0));
  bytes output = bytes(100'000 / 4, 7);
  result_header header{.kernel = {"merkle.root", 0}, .units = 1'000, .root = result_root(output)};
  job work = w.make_job(user_key(0), session, 0, digest_of(header));
  library() {
    w.settle(work, 1);
    w.open(work);
  }
  check_reveal answer(validator_id who, byte_view held) const {
    return {hash("salt", who), work.result,
            check_witness(w.audit(work).stage().beacon, work.id(), who, held)};
  }
  /// Checker `i` of the first stage; the one called `copier` holds nothing but the digest.
  void run(std::size_t copier) {
    const auto seats = w.audit(work).stage().seats;
    std::vector<check_reveal> said;
    for (std::size_t i = 0; i < 3; ++i)
      said.push_back(i == copier ? answer(seats[i].checker, bytes{}) : answer(seats[i].checker, output));
    for (std::size_t i = 0; i < 3; ++i)
      REQUIRE(w.say(validator_key(seats[i].checker.value),
                    tx::check_commit{work.id(), 0, 0,
                                     checker_commitment(work.id(), seats[i].checker, said[i])})
                .code == 0);
    for (std::size_t i = 0; i < 3; ++i)
      REQUIRE(w.say(validator_key(seats[i].checker.value),
                    tx::check_reveal{work.id(), 0, 0, said[i].salt, said[i].result,
                                     said[i].witness})
                .code == 0);
  }
  std::uint16_t challenge(validator_id who) {
    return w.say(user_key(2), tx::challenge_witness{work.id(), 0, who, header, output}).code;
  }
};

}  // namespace

TEST_CASE("attack: copying a digest: whoever holds the result shows the wrong witness, and it pays") {
  library l;
  l.run(1);
  const auto seats = l.w.audit(l.work).stage().seats;
  CHECK(l.challenge(seats[0].checker) ==
        code<tx::challenge_witness>(dispute_check::witness_holds));
  REQUIRE(l.challenge(seats[1].checker) == 0);
  CHECK(l.w.validator(seats[1].checker.value).stake == dg(950));
  CHECK(l.challenge(seats[1].checker) ==
        code<tx::challenge_witness>(dispute_check::already_convicted));
  // It answered nothing, so its seat is filled again.
  REQUIRE(l.w.open_commitment(l.work).code == 0);
  REQUIRE(l.w.say(user_key(0), l.w.evidence(user_key(0), l.work, l.work.result)).code == 0);
  CHECK(l.w.audit(l.work).stage().kind == ledger::stage_kind::refill);
  CHECK(l.w.audit(l.work).stage().slot == 1);
}

TEST_CASE("attack: copying in escalation, or anywhere, is found out after the verdict too") {
  library l;
  l.run(2);
  const auto copier = l.w.audit(l.work).stage().seats[2].checker;
  REQUIRE(l.w.open_commitment(l.work).code == 0);
  REQUIRE(l.w.say(user_key(0), l.w.evidence(user_key(0), l.work, l.work.result)).code == 0);
  REQUIRE(l.w.audit(l.work).settled);
  REQUIRE(l.challenge(copier) == 0);
  CHECK(l.w.validator(copier.value).stake == dg(950));
  CHECK(l.challenge(copier) == code<tx::challenge_witness>(dispute_check::already_convicted));
}

TEST_CASE("a challenge needs the very result behind the digest") {
  library l;
  l.run(1);
  const auto who = l.w.audit(l.work).stage().seats[1].checker;
  const auto number = [](dispute_check x) { return code<tx::challenge_witness>(x); };
  l.output[0] ^= 1;
  CHECK(l.challenge(who) == number(dispute_check::wrong_result));
  l.output[0] ^= 1;
  l.header.units += 1;
  CHECK(l.challenge(who) == number(dispute_check::wrong_result));
  l.header.units -= 1;
  CHECK(l.challenge({0}) == number(dispute_check::unknown_audit));  // P is no checker
  CHECK(l.w.validator(who.value).stake == dg(1'000));
}

TEST_CASE("attack: copying a digest of a large result: f+1 members that recomputed its witness refute it") {
  library l;
  l.run(1);
  const auto who = l.w.audit(l.work).stage().seats[1].checker;
  const auto refute = [&](std::vector<consensus::author_index> members, const digest& witness) {
    tx::wrong_witness x{l.work.id(), 0, who, {}};
    for (const auto i : members)
      x.signatures.emplace_back(
        i, sign(validator_key(l.w.committees().fast.now.ids[i]),
                ledger::wrong_witness_statement(l.w.chain(), l.work.id(), 0, who, witness)));
    return l.w.prove(x).code;
  };
  const auto number = [](dispute_check x) { return code<tx::wrong_witness>(x); };
  const auto said = l.w.audit(l.work).stage().seats[1].answer->witness;
  CHECK(refute({0, 1}, said) == number(dispute_check::too_few_stored));
  CHECK(refute({0, 1, 1}, said) == number(dispute_check::too_few_stored));
  CHECK(refute({0, 1, 2}, hash("another witness")) == number(dispute_check::too_few_stored));
  REQUIRE(refute({0, 4, 6}, said) == 0);
  CHECK(l.w.validator(who.value).stake == dg(950));
  CHECK(refute({0, 4, 6}, said) == number(dispute_check::already_convicted));
  CHECK(l.challenge(who) == code<tx::challenge_witness>(dispute_check::already_convicted));
}
