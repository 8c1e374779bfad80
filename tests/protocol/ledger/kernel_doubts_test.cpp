#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/standing.hpp"

using namespace ledger_test;

namespace {

const kernel_ref kernel{"merkle.root", 0};

/// Jobs of validator 0 whose audits end without an answer.
struct doubts {
  world w;
  session_id session;
  explicit doubts(audit_mode mode)
      : w(test_genesis(all_drawn(mode))), session(w.paired_session(user_key(0), dg(1'000))) {}

  void end_without_answer(std::vector<digest> first, std::vector<digest> last = {}) {
    const auto x = w.make_job(user_key(0), session, 0, hash("P"));
    w.audit_once(user_key(0), x, std::move(first));
    if (!last.empty()) {
      REQUIRE(w.audit(x).stage().kind == ledger::stage_kind::last);
      w.check_all(x, std::move(last));
      w.block();
    }
    REQUIRE(w.audit(x).ruling.outcome == audit_outcome::undetermined);
  }
  /// The whitepaper's n2x: nobody agrees with anybody.
  void nobody_agrees() { end_without_answer({hash("a"), hash("b"), hash("c")}); }
  std::size_t suspensions() const { return w.heard<happened::kernel_suspended>().size(); }
  std::size_t resumptions() const { return w.heard<happened::kernel_resumed>().size(); }
  bool is_suspended() const { return ledger::standing_in(w.machine.now()).known.suspended.contains(kernel); }
};

}  // namespace

TEST_CASE("R19 a kernel version whose audits end without an answer three times in an epoch is suspended, "
          "once, and resumed after another epoch") {
  doubts d(audit_mode::whitepaper);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(d.suspensions() == (i < 3 ? 0 : 1));
    CHECK(d.is_suspended() == (i == 3));
    d.nobody_agrees();
  }
  REQUIRE(d.suspensions() == 1);
  CHECK(d.w.heard<happened::kernel_suspended>()[0].kernel == kernel);
  d.w.wait(d.w.start.params.epoch_ms / 2);
  CHECK(d.resumptions() == 0);
  d.w.wait(d.w.start.params.epoch_ms / 2 + 500);
  REQUIRE(d.resumptions() == 1);
  CHECK(d.w.heard<happened::kernel_resumed>()[0].kernel == kernel);
  CHECK_FALSE(d.is_suspended());

  for (int i = 0; i < 2; ++i)
    d.nobody_agrees();
  CHECK(d.suspensions() == 1);
  d.nobody_agrees();
  CHECK(d.suspensions() == 2);  // a version that differs is stopped again
}

TEST_CASE("R19 audits without an answer in different epochs do not add up to a suspension") {
  doubts d(audit_mode::whitepaper);
  for (int epoch = 0; epoch < 3; ++epoch) {
    d.nobody_agrees();
    d.nobody_agrees();
    d.w.wait(d.w.start.params.epoch_ms);
  }
  CHECK(d.suspensions() == 0);
}

TEST_CASE("attack: suspending a kernel by a ring of a third: where a majority of stake holds one digest, an "
          "audit without an answer speaks against the ring") {
  const auto truth = hash("right"), lie = hash("P");
  doubts d(audit_mode::hardened);
  for (int i = 0; i < 5; ++i)
    d.end_without_answer({truth}, {lie, lie, truth, truth, truth, truth});
  CHECK(d.suspensions() == 0);
  for (int i = 0; i < 3; ++i)
    d.end_without_answer({truth}, {lie, hash("another"), truth, truth, truth, truth});
  CHECK(d.suspensions() == 0);
}

TEST_CASE("R19 where no majority of stake holds one digest, its kernel is suspended") {
  const auto truth = hash("right"), lie = hash("P");
  doubts d(audit_mode::hardened);
  for (int i = 0; i < 3; ++i)
    d.end_without_answer({truth}, {lie, lie, lie, truth, truth, truth});
  CHECK(d.suspensions() == 1);
}

TEST_CASE("R19 the majority that clears a kernel is one of stake, not of heads") {
  const auto truth = hash("right"), lie = hash("P");
  doubts d(audit_mode::hardened);
  for (const std::uint32_t honest : {4, 5, 6})  // seats are in the order of ids
    REQUIRE(d.w.pay(validator_key(honest), tx::add_stake{dg(50)}).code == 0);
  for (int i = 0; i < 3; ++i)
    d.end_without_answer({truth}, {lie, lie, lie, truth, truth, truth});
  CHECK(d.suspensions() == 0);
}

TEST_CASE("R19 silence is nothing against a kernel: with four validators one that is away leaves audits "
          "without an answer, and nothing is suspended") {
  world w(test_genesis(all_drawn(), dg(1'000), 4));
  const auto session = w.paired_session(user_key(0), dg(1'000));
  constexpr validator_id away{3};
  for (int i = 0; i < 4; ++i) {
    const auto x = w.make_job(user_key(0), session, 0, hash("right"));
    w.settle(x, x.paper.content.sequence, true);
    w.open(x);
    for (int n = 0; n < 100 && !w.audit(x).settled; ++n) {
      const auto stage = w.audit(x).stage();
      for (const auto& seat : stage.seats) {
        if (seat.checker == away)
          continue;
        if (stage.phase == ledger::stage_phase::committing && !seat.commitment)
          w.commit(x, seat.checker, hash("right"));
        if (stage.phase == ledger::stage_phase::revealing && !seat.answer)
          w.reveal(x, seat.checker, hash("right"));
      }
      if (!w.audit(x).settled && !w.audit(x).opened &&
          stage.phase == ledger::stage_phase::revealing)
        REQUIRE(w.open_commitment(x).code == 0);
      w.wait(500);
    }
    REQUIRE(w.audit(x).settled);
    CHECK(w.audit(x).ruling.outcome == audit_outcome::undetermined);
  }
  CHECK(w.heard<happened::kernel_suspended>().empty());
  CHECK(w.heard<happened::slashed>().empty());
}
