#include "tests/support/committee_fixture.hpp"

#include "protocol/ledger/checkpoints.hpp"

using namespace ledger_test;
using ledger::checkpoint_check;

namespace {

std::uint16_t number(checkpoint_check x) { return code<tx::checkpoint>(x); }

}  // namespace

TEST_CASE("a Fast committee's last checkpoint seats the ready one, which goes on from it") {
  committee_world w;
  CHECK(w.prove(w.make_checkpoint(w.empty_content(true))).code ==
        number(checkpoint_check::not_its_last));
  REQUIRE(w.prove(w.make_checkpoint(w.empty_content())).code == 0);
  w.wait_for_election(w.fast());
  CHECK(w.hand_over_fast().code == number(checkpoint_check::not_its_last));
  w.ready_fast();
  const auto outgoing = w.fast().now;
  const auto ready = w.fast().next->next;
  auto misnamed = w.make_checkpoint(w.empty_content(true));
  misnamed.proof.statement.next_committee = digest_of(outgoing);
  misnamed.proof.signatures.clear();
  for (std::uint16_t i = 0; i < outgoing.quorum(); ++i)
    misnamed.proof.signatures.emplace_back(
      i, sign(validator_key(i), consensus::signing_bytes(misnamed.proof.statement)));
  CHECK(w.prove(misnamed).code == number(checkpoint_check::not_its_last));

  const auto last = w.make_checkpoint(w.empty_content(true));
  REQUIRE(w.prove(last).code == 0);
  CHECK(w.fast().now == ready);
  const auto seated = w.heard<happened::committee_seated>();
  REQUIRE(seated.size() == 1);
  CHECK(seated[0].now == ready);
  const ledger::fast_base base{2, last.content.fast_height, last.proof.statement.block,
                               last.proof.statement.state_root, last.content.timestamp_ms};
  CHECK(seated[0].base == base);
  CHECK(w.fast().base == base);

  CHECK(w.prove(w.make_checkpoint(w.empty_content(), outgoing)).code ==
        number(checkpoint_check::bad_certificate));
  CHECK(w.prove(w.make_checkpoint(w.empty_content())).code == 0);
  CHECK(w.machine.now().checkpoints->last == 3);
}

TEST_CASE(
  "a Fast committee that does not close in time is dead: its successor starts where it was") {
  committee_world w(election_genesis(with_committees(16, 16, 5)));
  const auto checkpoint = w.make_checkpoint(w.empty_content());
  REQUIRE(w.prove(checkpoint).code == 0);
  w.ready_fast();
  const auto ready = w.fast().next->next;
  for (int i = 0; i < 4; ++i)
    w.block();
  CHECK(w.fast().now.epoch == 0);
  w.block();
  CHECK(w.fast().now == ready);
  const auto seated = w.heard<happened::committee_seated>();
  REQUIRE(seated.size() == 1);
  CHECK(seated[0].base ==
        ledger::fast_base{1, checkpoint.content.fast_height, checkpoint.proof.statement.block,
                          checkpoint.proof.statement.state_root, checkpoint.content.timestamp_ms});
}

TEST_CASE("without any checkpoint the successor of a dead committee starts at genesis") {
  committee_world w(election_genesis(with_committees(16, 16, 1)));
  w.ready_fast();
  w.block();
  const auto seated = w.heard<happened::committee_seated>();
  REQUIRE(seated.size() == 1);
  CHECK(seated[0].base == ledger::fast_base{0, 0, digest_of(w.start), {}, w.start.time_ms});
}

TEST_CASE("a committee that Heavy has closed can certify nothing any more") {
  committee_world w(election_genesis(with_committees(16, 16, 1)));
  w.ready_fast();
  const auto dead = w.fast().now;
  const auto late = w.make_checkpoint(w.empty_content());
  const auto last = w.make_checkpoint(w.empty_content(true));
  w.block();
  REQUIRE(w.fast().now.epoch == 1);
  CHECK(w.prove(late).code == number(checkpoint_check::bad_certificate));
  CHECK(w.prove(last).code == number(checkpoint_check::bad_certificate));
  // Nor does it lie in wait for a gap to close.
  auto ahead = w.empty_content();
  ahead.sequence = 2;
  const auto later = [&](const consensus::roster& by) {
    return w.machine.check(ledger::make_unsigned(w.chain(), w.make_checkpoint(ahead, by))).later;
  };
  CHECK_FALSE(later(dead));
  CHECK(later(w.fast().now));
  CHECK(w.machine.now().checkpoints->last == 0);
}

TEST_CASE("a ready committee is seated once, whether the old one closed or died") {
  committee_world w(election_genesis(with_committees(16, 16, 5)));
  w.ready_fast();
  const auto last = w.make_checkpoint(w.empty_content(true));
  const auto raw = ledger::make_unsigned(w.chain(), last);
  auto again = last;
  again.content.timestamp_ms += 1;
  const auto done = w.block({raw, raw, ledger::make_unsigned(w.chain(), again)});
  CHECK(done.outcomes[0].code == 0);
  CHECK(done.outcomes[1].code != 0);
  CHECK(done.outcomes[2].code != 0);
  for (int i = 0; i < 10; ++i)
    w.block();
  CHECK(w.heard<happened::committee_seated>().size() == 1);
  CHECK(w.fast().now.epoch == 1);
}

TEST_CASE("signers of unopened leaves are fined by their ids, not by their places") {
  committee_world w(election_genesis(with_committees(16, 4)));
  const auto id = w.paired_session(user_key(0));
  w.ready_fast();
  REQUIRE(w.hand_over_fast().code == 0);
  ++w.checkpoints;
  const auto members = w.fast().now.ids;
  REQUIRE(members != std::vector<std::uint32_t>{0, 1, 2, 3});
  const auto work = w.make_job(user_key(0), id);
  w.settle(work, w.machine.now().checkpoints->claim_epoch);
  w.wait(w.start.params.open_deadline_ms + 500);
  std::vector<std::uint32_t> fined;
  for (const auto& x : w.heard<happened::slashed>())
    fined.push_back(x.validator.value);
  CHECK(fined == std::vector<std::uint32_t>(members.begin(), members.begin() + 3));
}
