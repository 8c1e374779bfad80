#include "actors/heavy_follower.hpp"

#include "actors/coin_cache.hpp"
#include "actors/local_transport.hpp"
#include "actors/node/development.hpp"
#include "actors/signature_cache.hpp"

#include "protocol/chain/committees.hpp"
#include "protocol/chain/development.hpp"
#include "protocol/ledger/machine.hpp"
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

TEST_CASE("heavy follower: a state that genesis' committee does not stand behind is refused, and the "
          "next author asked") {
  deterministic_system sim;
  const auto net = std::make_shared<local_transport>(sim.system(), 1'750'000'000'000);
  const auto chain = std::make_shared<const genesis>(
    development_genesis({.validators = 4, .authors = 4, .time_ms = 1, .params = dev_preset()}));
  const auto signatures = std::make_shared<signature_cache>();
  const role_context context{.net = net, .chain = chain, .signatures = signatures};
  // The true state of the true chain, under the certificate of one author instead of three.
  ledger::ledger_machine machine(*chain, *signatures, std::make_shared<coin_cache>());
  const auto state = machine.snapshot();
  const auto members = heavy_committee(*chain);
  consensus::state_proof proof;
  proof.block.index = 1;
  proof.proof.statement = {members.chain, 0, 1, digest_of(proof.block), machine.state_root(),
                           digest_of(static_cast<const consensus::roster&>(members))};
  proof.proof.signatures.emplace_back(0, sign(development_key(development_kind::author, 0),
                                              consensus::signing_bytes(proof.proof.statement)));
  std::map<std::uint32_t, int> followed, queried;
  for (std::uint32_t i = 0; i < 4; ++i)
    net->attach({role::heavy_author, i}, sim.system().spawn([&, i](caf::event_based_actor*) {
      return caf::behavior{[&, i](const peer& from, const v1::follow_heavy&) {
                             ++followed[i];
                             net->send(peer{role::heavy_author, i}, from,
                                       v1::snapshot_piece{.height = 1});
                           },
                           [&, i](const peer& from, const v1::snapshot_query& x) {
                             ++queried[i];
                             net->send(peer{role::heavy_author, i}, from,
                                       v1::snapshot_piece{.request = x.request,
                                                          .height = 1,
                                                          .size = state.size(),
                                                          .data = state,
                                                          .proof = proof});
                           }};
    }));
  const peer self{role::gateway, 0};
  heavy_follower follower{self, context};
  std::size_t started = 0;
  net->attach(self, sim.system().spawn([&](caf::event_based_actor*) {
    return caf::behavior{[&](const peer& from, const v1::snapshot_piece& x) {
      started += follower.take(from, x).size();
    }};
  }));
  for (int round = 0; round < 4; ++round) {
    sim.run_for(100);
    follower.wake();
  }
  sim.run_for(100);
  CHECK(started == 0);
  CHECK(follower.view().position.height == 0);
  for (std::uint32_t i = 0; i < 4; ++i) {
    CHECK(queried[i] >= 1);
    CHECK(queried[i] <= 2);
  }
  net->close();
}
