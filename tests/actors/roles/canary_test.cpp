// Canaries by the roles (protocol.md section 2, step 8): a validator and a user that offers its jobs.

#include <caf/all.hpp>

#include "tests/support/client.hpp"
#include "tests/support/lazy_checker.hpp"
#include "tests/support/scratch.hpp"

#include "actors/canary_keeper.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

/// So that `share` permille of all audits are canaries.
parameters with_share(std::uint32_t share, std::uint32_t audit_rate_ppm = 1'000'000) {
  auto p = dev_preset();
  p.audit_rate_ppm = audit_rate_ppm;
  p.checker_fee_permille = 100;
  p.canary_share_permille = share;
  return p;
}

std::vector<std::pair<std::uint32_t, std::string>> losses(const heavy_log& log) {
  std::vector<std::pair<std::uint32_t, std::string>> result;
  log.each<happened::slashed>(
    [&](const auto& x) { result.emplace_back(x.validator.value, x.reason); });
  return result;
}

/// How many of `validator` Heavy has heard of: `canary_registered` or `canary_revealed`.
template <class Event>
std::size_t of(const heavy_log& log, std::uint32_t validator) {
  std::size_t result = 0;
  log.each<Event>([&](const Event& x) { result += x.validator.value == validator ? 1 : 0; });
  return result;
}

/// What its leaf holds, as anybody finds who knows the validator's secret.
digest digest_committed(const v1::job_outcome& x) {
  const auto& leaf = x.receipt.content;
  canary_keeper::job_key key{leaf.job, leaf.attempt()};
  auto header = x.result;
  if (x.canary)
    header.root = hash("canary root",
                       hmac(development_key(development_kind::validator, leaf.validator().value)
                              .secret.view(),
                            encode("datagen/v1/canary-secret", key)));
  CHECK(commitment_of(x.salt, leaf.job, leaf.attempt(), leaf.validator(), digest_of(header)) ==
        leaf.commitment);
  return digest_of(header);
}

constexpr bool offers = true;

}  // namespace

TEST_CASE("R18 canary: a lazy checker that copies the validator's digest pays, the validator keeps its "
          "stake, and the user has a right result for nothing") {
  virtual_cluster net{{.params = with_share(1'000)}};
  heavy_log log{net};
  const auto heard = std::make_shared<std::map<job_id, digest>>();
  lazy_checker lazy{net, 3, heard};
  client alice{net, 0, 0, offers}, bob{net, 1};
  uint128 honest_fees = 0;
  std::uint32_t canaries = 0;
  const auto caught = [&] { return !losses(log).empty(); };
  for (int i = 0; i < 12 && !caught(); ++i) {
    for (auto* who : {&alice, &bob}) {
      const auto done = who->run();
      REQUIRE_MESSAGE(done.code == ec::ok, done.reason);
      CHECK(done.result.root == result_root(done.output.view()));
      (*heard)[done.receipt.content.job] = digest_committed(done);
      canaries += done.canary ? 1 : 0;
      honest_fees += done.canary ? 0 : done.receipt.content.fee;
    }
    net.sim.run_for(15'000);
  }
  CHECK(losses(log) == std::vector<std::pair<std::uint32_t, std::string>>{{3, "wrong_check"}});
  CHECK(canaries > 0);
  net.sim.run_for(90'000);
  CHECK(log.count<happened::canary_registered>() == canaries);
  CHECK(log.count<happened::canary_revealed>() == canaries);
  CHECK(price_paid(log) == honest_fees);
}

TEST_CASE("R18 canary: among honest roles about the set share of audits are canaries, nobody loses stake "
          "and none is paid, drawn or not") {
  virtual_cluster net{{.params = with_share(250, 500'000)}};
  heavy_log log{net};
  client alice{net, 0, 0, offers};
  uint128 honest_fees = 0;
  std::uint32_t canaries = 0;
  constexpr int jobs = 80;
  for (int i = 0; i < jobs; ++i) {
    const auto done = alice.run();
    REQUIRE_MESSAGE(done.code == ec::ok, done.reason);
    canaries += done.canary ? 1 : 0;
    honest_fees += done.canary ? 0 : done.receipt.content.fee;
    net.sim.run_for(2'000);
  }
  net.sim.run_for(120'000);
  for (const auto& [who, why] : losses(log))
    FAIL_CHECK(who << " lost stake: " << why);
  const auto found = verdicts(log);
  const auto audited = std::count(found.begin(), found.end(), "canary");
  MESSAGE(canaries << " canaries among " << jobs << " jobs, " << audited << " among "
                   << found.size() << " audits");
  CHECK(std::count(found.begin(), found.end(), "pass") + audited ==
        static_cast<std::ptrdiff_t>(found.size()));
  CHECK(audited > 0);
  CHECK(canaries > static_cast<std::uint32_t>(audited));  // some were not drawn
  CHECK(canaries >= jobs / 10);
  CHECK(canaries <= jobs * 4 / 10);
  CHECK(log.count<happened::canary_revealed>() == canaries);
  CHECK(price_paid(log) == honest_fees);
}

TEST_CASE("R18 canary: a user that does not offer its jobs is never asked") {
  virtual_cluster net{{.params = with_share(1'000)}};
  heavy_log log{net};
  client alice{net};
  for (int i = 0; i < 5; ++i)
    CHECK_FALSE(alice.run().canary);
  CHECK(log.count<happened::canary_registered>() == 0);
}

TEST_CASE("R18 canary: a validator that goes down between registration and reveal reveals it when it is "
          "back, with its leaf out or not") {
  for (const bool leaf_is_out : {false, true}) {
    CAPTURE(leaf_is_out);
    scratch disk;
    auto p = with_share(1'000);
    p.audit_grace_ms = 30'000;
    p.open_deadline_ms = 10 * p.commit_window_ms;
    p.unbonding_ms = 60'000;
    virtual_cluster net{{.params = p, .data_dir = disk.text()}};
    heavy_log log{net};
    client alice{net, 0, 0, offers};
    const auto who = alice.validator.value;
    const auto done = alice.start();
    REQUIRE(net.sim.run_until(
      [&] { return leaf_is_out ? done->has_value() : of<happened::canary_registered>(log, who) == 1; },
      20'000));
    net.drop(role::validator, who);
    net.sim.run_for(2'500);
    CHECK(of<happened::canary_revealed>(log, who) == 0);
    net.host(role::validator, who);
    REQUIRE(net.sim.run_until([&] { return of<happened::canary_revealed>(log, who) == 1; }, 27'000));
    net.sim.run_for(60'000);
    CHECK(of<happened::canary_registered>(log, who) == 1);
    CHECK(of<happened::canary_revealed>(log, who) == 1);
    CHECK(losses(log).empty());
  }
}

TEST_CASE("R18 canary: one whose leaf the Fast Chain does not order is told before its time is over") {
  virtual_cluster net{{.params = with_share(1'000)}};
  heavy_log log{net};
  client alice{net, 0, 0, offers};
  const auto done = alice.start();
  REQUIRE(net.sim.run_until([&] { return log.count<happened::canary_registered>() == 1; }, 20'000));
  net.net->pause(role::fast_author);
  REQUIRE(net.sim.run_until([&] { return log.count<happened::canary_revealed>() == 1; }, 15'000));
  net.net->resume(role::fast_author);
  net.sim.run_for(60'000);
  CHECK((*done)->canary);
  CHECK(verdicts(log) == std::vector<std::string>{"canary"});
  CHECK(losses(log).empty());
  CHECK(price_paid(log) == 0);
}

TEST_CASE("R18 canary: a reveal that is lost on the way is sent again") {
  const auto deaf = std::make_shared<std::optional<std::uint32_t>>();
  virtual_cluster net{{.params = with_share(1'000),
                       .extra_delay_us = [deaf](const peer& a, const peer& b) -> std::uint64_t {
                         const bool lost = *deaf && a == peer{role::validator, **deaf} &&
                                           b.kind == role::heavy_author;
                         return lost ? 3'600'000'000 : 0;
                       }}};
  heavy_log log{net};
  client alice{net, 0, 0, offers};
  REQUIRE(alice.run().canary);
  REQUIRE(net.sim.run_until([&] { return log.count<happened::check_committed>() > 0; }, 20'000));
  *deaf = alice.validator.value;  // Heavy does not hear what its validator says just then
  REQUIRE(net.sim.run_until([&] { return log.count<happened::reveal_requested>() > 0; }, 20'000));
  net.sim.run_for(800);
  CHECK(log.count<happened::canary_revealed>() == 0);
  deaf->reset();
  net.sim.run_for(60'000);
  CHECK(log.count<happened::canary_revealed>() == 1);
  CHECK(verdicts(log) == std::vector<std::string>{"canary"});
  CHECK(losses(log).empty());
}

TEST_CASE("R18 canary: where audits are rare, not every job before the next one is made a canary") {
  virtual_cluster net{{.params = with_share(100, 50'000)}};
  heavy_log log{net};
  client alice{net, 0, 0, offers};
  std::uint32_t canaries = 0;
  for (int i = 0; i < 60; ++i) {
    canaries += alice.run().canary ? 1 : 0;
    net.sim.run_for(4'000);
  }
  MESSAGE(canaries << " canaries among 60 jobs");
  CHECK(canaries >= 1);
  CHECK(canaries <= 15);
  CHECK(losses(log).empty());
}
