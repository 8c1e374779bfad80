// Leaves that somebody asks for (protocol.md section 2, step 6, no dodging), answered by the role.

#include "tests/support/client.hpp"

#include "protocol/chain/committees.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

/// Whoever holds the receipt asks; the chain takes the question.
void ask_for_leaf(virtual_cluster& net, const receipt& held) {
  const peer self{role::gateway, 70};
  const auto done = std::make_shared<std::optional<v1::transaction_done>>();
  net.net->attach(self, net.sim.system().spawn([done](caf::event_based_actor*) {
    return caf::behavior{[done](const peer&, const v1::transaction_done& x) { *done = x; }};
  }));
  net.net->send(self, peer{role::heavy_author, 1},
                v1::submit_transaction{
                  ledger::make_transaction(heavy_chain_id(net.net_cluster->chain()),
                                           development_key(development_kind::account, 0), 0,
                                           ledger::tx::ask_for_leaf{held}),
                  true});
  REQUIRE(net.sim.run_until([&] { return done->has_value(); }, 5'000));
  REQUIRE_MESSAGE((*done)->outcome.code == 0, (*done)->outcome.reason);
}

}  // namespace

TEST_CASE("R15 asked leaf: a validator cut off from the Fast Chain posts its leaf on Heavy, where it is "
          "settled and paid like any other") {
  virtual_cluster net;
  heavy_log log{net};
  client alice{net};
  REQUIRE(alice.validator == validator_id{0});
  net.net->cut({role::fast_author, 0});
  const auto done = alice.run();
  REQUIRE(done.code == ec::ok);
  net.sim.run_for(20'000);  // the receipt's deadline
  CHECK(leaves_settled(log) == 0);
  ask_for_leaf(net, done.receipt);
  REQUIRE(net.sim.run_until([&] { return log.count<happened::leaf_shown>() == 1; }, 9'000));
  log.each<happened::leaf_shown>([](const auto& x) { CHECK(x.posted); });
  REQUIRE(net.sim.run_until([&] { return leaves_settled(log) == 1; }, 10'000));
  net.net->mend({role::fast_author, 0});
  net.sim.run_for(60'000);
  CHECK(leaves_settled(log) == 1);
  CHECK(price_paid(log) == done.receipt.content.fee);
  CHECK(log.count<happened::slashed>() == 0);
}

TEST_CASE("R15 asked leaf: one that is settled is shown in its checkpoint, and posted nowhere") {
  virtual_cluster net;
  heavy_log log{net};
  client alice{net};
  const auto done = alice.run();
  REQUIRE(done.code == ec::ok);
  net.sim.run_for(20'000);
  REQUIRE(leaves_settled(log) == 1);
  ask_for_leaf(net, done.receipt);
  REQUIRE(net.sim.run_until([&] { return log.count<happened::leaf_shown>() == 1; }, 5'000));
  log.each<happened::leaf_shown>([](const auto& x) { CHECK_FALSE(x.posted); });
  net.sim.run_for(30'000);
  CHECK(leaves_settled(log) == 1);
  CHECK(log.count<happened::slashed>() == 0);
}
