#include "tests/support/client.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;
namespace happened = ledger::happened;

namespace {

/// Every leaf is drawn. Counts what selectors ask of Fast authors, all told and one selector's.
struct drawn_network {
  explicit drawn_network(std::function<std::uint64_t(const peer&, const peer&)> delay = {})
      : net{{.params = params(), .extra_delay_us = [asked = asked, delay](auto& from, auto& to) {
               *asked += from.kind == role::selector && to.kind == role::fast_author;
               return delay ? delay(from, to) : 0;
             }}} {}
  static parameters params() {
    auto result = dev_preset();
    result.audit_rate_ppm = 1'000'000;
    result.checker_fee_permille = 100;
    return result;
  }
  std::shared_ptr<std::uint64_t> asked = std::make_shared<std::uint64_t>(0);
  virtual_cluster net;
  heavy_log log{net};
};

}  // namespace

TEST_CASE("selector: once a drawn leaf is opened, no selector asks for it again") {
  drawn_network x;
  client user{x.net};
  for (int i = 0; i < 5; ++i)
    CHECK(user.run().code == ec::ok);
  x.net.sim.run_for(30'000);
  CHECK(x.log.count<happened::audit_settled>() == 5);
  CHECK(*x.asked >= 5);
  const auto before = *x.asked;
  x.net.sim.run_for(30'000);
  CHECK(*x.asked == before);
}

TEST_CASE(
  "selector: one that comes too late for a leaf asks in vain, and gives up once its epoch is paid") {
  // The last selector's questions take longer than the others need.
  drawn_network x{[](const peer& from, const peer& to) -> std::uint64_t {
    return from == peer{role::selector, 3} && to.kind == role::fast_author ? 10'000'000 : 0;
  }};
  client user{x.net};
  for (int i = 0; i < 5; ++i)
    CHECK(user.run().code == ec::ok);
  x.net.sim.run_for(20'000);
  CHECK(*x.asked > 20);  // it goes on asking
  REQUIRE(x.net.sim.run_until([&] { return x.log.count<happened::claim_paid>() > 0; }, 600'000));
  x.net.sim.run_for(5'000);
  const auto before = *x.asked;
  x.net.sim.run_for(60'000);
  CHECK(*x.asked == before);
}

TEST_CASE("selector: a leaf whose first questions are lost is opened before its signers are fined") {
  // Seven of each selector's; a chain in trouble also takes its time over the opening.
  const auto lost = std::make_shared<std::map<peer, int>>();
  drawn_network x{[lost](const peer& from, const peer& to) -> std::uint64_t {
    const bool question = from.kind == role::selector && to.kind == role::fast_author;
    return question && ++(*lost)[from] <= 7 ? 1'000'000'000 : 0;
  }};
  client user{x.net};
  CHECK(user.run().code == ec::ok);
  x.net.sim.run_for(30'000);
  CHECK(x.log.count<happened::audit_settled>() == 1);
  CHECK(x.log.count<happened::slashed>() == 0);
}
