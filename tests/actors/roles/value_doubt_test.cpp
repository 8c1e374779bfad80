// What a router does not take one Fast author's word for, and what a user risks by itself (protocol.md
// section 4, deterrence gate).

#include "tests/support/client.hpp"

#include "protocol/fast/events.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

/// A block in which `author` claims that all of validator 0's cap is in use.
void claim_full(virtual_cluster& net, std::uint32_t author, session_id session) {
  leaf content{.job = hash("no job"), .session = session, .fee = 90'000'000'000};
  v1::block_news lie{.height = 1'000'000};
  lie.events.push_back(encode(fast::event{
    fast::happened::leaf_ordered{content, true, 1'000'000, 1'000'000, 0}}));
  net.net->send(peer{role::fast_author, author}, {role::router, 0}, std::move(lie));
  net.sim.run_for(50);
}

}  // namespace

TEST_CASE("value cap: a Fast author that invents leaves keeps no job from its validator, and is left "
          "for another") {
  virtual_cluster net;
  client alice{net};
  REQUIRE(alice.validator == validator_id{0});
  claim_full(net, 0, alice.session);
  for (int i = 0; i < 5; ++i) {
    const auto done = alice.run();
    REQUIRE_MESSAGE(done.code == ec::ok, done.reason);
    CHECK(done.receipt.content.attempt() == 0);
  }
  claim_full(net, 0, alice.session);  // it is not listened to any more
  CHECK(alice.run().receipt.content.attempt() == 0);
}

TEST_CASE("value cap: while Heavy is away an uninsured job runs beyond it, and is ordered and paid when "
          "Heavy is back") {
  virtual_cluster net;
  heavy_log log{net};
  client alice{net};
  net.net->pause(role::heavy_author);
  std::uint64_t fees = 0;
  const auto fills = [&](std::uint8_t flags) {
    const auto done = alice.run(20'000'000'000, flags);
    if (done.code == ec::ok)
      fees += done.receipt.content.fee;
    return done;
  };
  for (int i = 0; i < 3; ++i)  // one user's share at each of its payees
    REQUIRE(fills(0).code == ec::ok);
  REQUIRE(fills(0).code == ec::value_cap_reached);
  const auto beyond = fills(ticket_uninsured);
  REQUIRE_MESSAGE(beyond.code == ec::ok, beyond.reason);
  CHECK(beyond.receipt.content.attempt() == 0);
  net.sim.run_for(10'000);
  CHECK(price_paid(log) == 0);
  net.net->resume(role::heavy_author);
  net.sim.run_for(120'000);
  CHECK(leaves_settled(log) == 4);
  CHECK(price_paid(log) == fees);
  CHECK(log.count<happened::slashed>() == 0);
}
