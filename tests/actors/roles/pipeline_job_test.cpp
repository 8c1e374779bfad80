// Several kernels as one job, through the whole network: answered once, audited as one result.
#include "tests/support/virtual_cluster.hpp"

#include "actors/user.hpp"
#include "kernels/pipeline.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

v1::session_wish wish() {
  return {.mode = ledger::tx::pairing_mode::latency, .bid = 5'000, .escrow = dg(1'000)};
}

/// The root of a file, and the root of that root behind a label.
v1::job_wish two_roots(std::uint8_t salt, std::uint64_t units_max) {
  const bytes file(20'000, salt);
  const bytes label{'r', 'o', 'o', 't'};
  const std::vector<kernels::pipeline_stage> stages{{"merkle.root", "", file, {}},
                                                    {"merkle.root", "", label, {}}};
  return {.kernel = {"pipeline", 0},
          .parameters = "1=merkle.root\n1.chunk=1024\n2=merkle.root",
          .input = blob{kernels::pipeline_input(stages)},
          .units_max = units_max};
}

struct customer {
  virtual_cluster& net;
  user_actor user = net.user(0);

  explicit customer(virtual_cluster& of) : net(of) {
    const auto ready = net.sim.ask<v1::session_ready>(user, wish());
    REQUIRE(net.sim.run_until([&] { return ready->has_value(); }, 20'000));
    REQUIRE_MESSAGE((*ready)->code == ec::ok, (*ready)->reason);
  }
  v1::job_outcome run(const v1::job_wish& job) {
    const auto done = net.sim.ask<v1::job_outcome>(user, job);
    REQUIRE(net.sim.run_until([&] { return done->has_value(); }, 20'000));
    return **done;
  }
};

}  // namespace

TEST_CASE(
  "pipeline job: stages run without the user between them, and are drawn, audited and paid "
  "as one") {
  virtual_cluster net;
  customer alice{net};
  heavy_log log{net};
  for (std::uint8_t i = 0; i < 20; ++i) {
    const auto done = alice.run(two_roots(i, 1'000'000));
    CHECK_MESSAGE(done.code == ec::ok, done.reason);
    CHECK(done.result.exit == exit_status::ok);
    CHECK(done.output.size() == 32);
  }
  net.sim.run_for(60'000);
  CHECK(log.count<ledger::happened::audit_settled>() > 0);
  log.each<ledger::happened::audit_settled>([](const auto& x) { CHECK(x.outcome == "pass"); });
  CHECK(log.count<ledger::happened::claim_paid>() > 0);
}

TEST_CASE(
  "pipeline job: one that runs out of units is answered with that, paid for the stages it "
  "ran, and passes its audit") {
  virtual_cluster net;
  customer alice{net};
  heavy_log log{net};
  const auto whole = alice.run(two_roots(1, 1'000'000));
  REQUIRE(whole.code == ec::ok);
  for (std::uint8_t i = 0; i < 20; ++i) {
    const auto done = alice.run(two_roots(i, whole.result.units - 1));
    CHECK_MESSAGE(done.code == ec::ok, done.reason);
    CHECK(done.result.exit == exit_status::limit);
    CHECK(done.output.size() == 0);
    CHECK(done.result.units > 0);
    CHECK(done.result.units < whole.result.units);
    CHECK(done.receipt.content.units == done.result.units);
    CHECK(done.receipt.content.fee > 0);
  }
  net.sim.run_for(60'000);
  CHECK(log.count<ledger::happened::audit_settled>() > 0);
  log.each<ledger::happened::audit_settled>([](const auto& x) { CHECK(x.outcome == "pass"); });
  const auto refused = alice.run(two_roots(1, 1));  // not even the first stage: no work, no pay
  CHECK(refused.code == ec::units_exceeded);
}
