#include "actors/heavy_follower.hpp"

#include "actors/local_transport.hpp"
#include "actors/node/development.hpp"
#include "actors/signature_cache.hpp"

#include "protocol/chain/committees.hpp"
#include "protocol/chain/development.hpp"
#include "actors/node/deterministic_system.hpp"

#include <caf/event_based_actor.hpp>
#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;

namespace {

/// News whose proof does not lead to the state root: what an author with a broken feed would say.
v1::heavy_news unproven(const genesis& chain) {
  ledger::certified_events said{.blocks = {{.height = 1, .live_ms = 1, .events = {}}},
                                .proof = {},
                                .sections = 0,
                                .path = {}};
  const auto members = heavy_roster(chain);
  said.proof.statement = {members.chain, 0, 1, hash("b"), hash("root"), digest_of(members)};
  return {said};
}

}  // namespace

TEST_CASE("heavy follower: who answers a question with another gap is asked once, then the next one") {
  deterministic_system sim;
  const auto net = std::make_shared<local_transport>(sim.system(), 1'750'000'000'000);
  const auto chain = std::make_shared<const genesis>(
    development_genesis({.validators = 4, .authors = 4, .time_ms = 1, .params = dev_preset()}));
  const role_context context{
    .net = net, .chain = chain, .signatures = std::make_shared<signature_cache>()};
  auto asked = std::make_shared<std::map<std::uint32_t, int>>();
  for (std::uint32_t i = 0; i < 4; ++i)
    net->attach({role::heavy_author, i}, sim.system().spawn([=](caf::event_based_actor*) {
      return caf::behavior{[=](const peer& from, const v1::follow_heavy&) {
        ++(*asked)[i];
        net->send(peer{role::heavy_author, i}, from, unproven(*chain));
      }};
    }));
  const peer self{role::gateway, 0};
  heavy_follower follower{self, context};
  net->attach(self, sim.system().spawn([&follower](caf::event_based_actor*) {
    return caf::behavior{
      [&follower](const peer&, const v1::heavy_news& x) { (void)follower.take(x); }};
  }));
  sim.run_for(100);
  const auto first = follower.author().index;
  CHECK((*asked)[first] <= 2);
  sim.system().spawn([](caf::event_based_actor* sleeper) {  // time passes with somebody waiting
    sleeper->delayed_send(sleeper, std::chrono::seconds{4}, 1);
    sleeper->become([sleeper](int) { sleeper->quit(); });
  });
  sim.run_for(4'000);
  follower.wake();
  sim.run_for(100);
  CHECK(follower.author().index != first);
  CHECK((*asked)[follower.author().index] == 1);
  CHECK((*asked)[first] <= 2);
  net->close();
}
