// Claims of a validator that is away while they have their time (protocol.md section 2, step 9, and
// the outcomes of section 3: a price is paid at maturity).

#include "tests/support/client.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

/// One job done, settled and past its draw or audit, whose validator then loses its links.
struct one_job {
  virtual_cluster net;
  heavy_log log{net};
  client alice{net};
  v1::job_outcome done = alice.run();
  std::uint64_t fee = done.receipt.content.fee;

  one_job() {
    REQUIRE_MESSAGE(done.code == ec::ok, done.reason);
    net.sim.run_for(12'000);
    REQUIRE(leaves_settled(log) == 1);
    REQUIRE(log.count<happened::claim_paid>() == 0);
  }
  template <class Visit>
  void each_role(Visit visit) {
    for (const auto kind : {role::validator, role::cross_checker, role::fast_author})
      visit(peer{kind, done.receipt.content.validator().value});
  }
  void cut() {
    each_role([this](const peer& x) { net.net->cut(x); });
  }
  void mend() {
    each_role([this](const peer& x) { net.net->mend(x); });
  }
};

}  // namespace

TEST_CASE("R15 absent claims: of a validator that is cut off for longer than its claim has time, "
          "others bring it, and it is paid once") {
  one_job x;
  x.cut();
  x.net.sim.run_for(30'000);
  CHECK(price_paid(x.log) == x.fee);
  x.mend();
  const auto next = x.alice.run();
  REQUIRE_MESSAGE(next.code == ec::ok, next.reason);
  const auto all = x.fee + next.receipt.content.fee;
  CHECK(x.net.sim.run_until([&] { return price_paid(x.log) >= all; }, 60'000));
  x.net.sim.run_for(15'000);  // a second payment would come now
  CHECK(price_paid(x.log) == all);
  CHECK(x.log.count<happened::slashed>() == 0);
}

TEST_CASE("R15 absent claims: of one that never returns, too") {
  one_job x;
  x.cut();
  x.net.sim.run_for(120'000);
  CHECK(price_paid(x.log) == x.fee);
  CHECK(x.log.count<happened::claim_paid>() == 1);
}

TEST_CASE("R15 absent claims: whoever is there has brought its own before others would") {
  one_job x;
  const auto unix_ms = [&] { return x.net.net->now().unix_ms; };
  const auto& chain = x.net.net_cluster->chain();
  REQUIRE(x.net.sim.run_until([&] { return price_paid(x.log) == x.fee; }, 30'000));
  CHECK(unix_ms() < chain.time_ms + 3 * chain.params.epoch_ms);
}
