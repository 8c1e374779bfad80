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

namespace {

/// Authors that know the chain from block 1 on and give its state, under so many signatures.
struct state_givers {
  deterministic_system sim;
  std::shared_ptr<local_transport> net =
    std::make_shared<local_transport>(sim.system(), 1'750'000'000'000);
  std::shared_ptr<const genesis> chain = std::make_shared<const genesis>(
    development_genesis({.validators = 4, .authors = 4, .time_ms = 1, .params = dev_preset()}));
  role_context context{
    .net = net, .chain = chain, .signatures = std::make_shared<signature_cache>()};
  std::map<std::uint32_t, int> queried;
  bytes state;
  consensus::state_proof proof;

  explicit state_givers(std::uint16_t signers) {
    ledger::ledger_machine machine(*chain, *context.signatures, std::make_shared<coin_cache>());
    proof.block.index = 1;
    proof.block.timestamp_ms = 2;
    (void)machine.execute(
      {.height = 1, .block = digest_of(proof.block), .timestamp_ms = 2, .vertices = {}});
    state = machine.snapshot();
    const auto members = heavy_committee(*chain);
    auto& said = proof.proof.statement;
    said = {members.chain, 0, 1, digest_of(proof.block), machine.state_root(),
            digest_of(static_cast<const consensus::roster&>(members))};
    for (std::uint16_t i = 0; i < signers; ++i)
      proof.proof.signatures.emplace_back(
        i, sign(development_key(development_kind::author, i), consensus::signing_bytes(said)));
    for (std::uint32_t i = 0; i < 4; ++i)
      net->attach({role::heavy_author, i}, giver(i));
  }
  ~state_givers() { net->close(); }

  /// Blocks that a new follower is told, and where it stands afterwards.
  std::pair<std::size_t, std::uint64_t> follow() {
    const peer self{role::gateway, 0};
    heavy_follower follower{self, context};
    std::size_t told = 0;
    net->attach(self, sim.system().spawn([&](caf::event_based_actor*) {
      return caf::behavior{[&](const peer& from, const v1::snapshot_piece& x) {
        told += follower.take(from, x).size();
      }};
    }));
    for (int round = 0; round < 4; ++round) {
      sim.run_for(100);
      follower.wake();
    }
    sim.run_for(100);
    return {told, follower.view().position.height};
  }

private:
  caf::actor giver(std::uint32_t i) {
    const peer self{role::heavy_author, i};
    return sim.system().spawn([this, self](caf::event_based_actor*) {
      return caf::behavior{[this, self](const peer& from, const v1::follow_heavy& x) {
                             if (x.height == 0)
                               net->send(self, from, v1::snapshot_piece{.height = 1});
                           },
                           [this, self](const peer& from, const v1::snapshot_query& x) {
                             ++queried[self.index];
                             net->send(self, from,
                                       v1::snapshot_piece{.request = x.request,
                                                          .height = 1,
                                                          .size = state.size(),
                                                          .data = state,
                                                          .proof = proof});
                           }};
    });
  }
};

}  // namespace

TEST_CASE("heavy follower: starts from a state that a quorum of genesis' committee has signed") {
  state_givers net{3};
  CHECK(net.follow() == std::pair<std::size_t, std::uint64_t>{1, 1});
}

TEST_CASE("heavy follower: a true state without a quorum behind it is refused, and the next author "
          "asked") {
  state_givers net{2};
  CHECK(net.follow() == std::pair<std::size_t, std::uint64_t>{0, 0});
  for (std::uint32_t i = 0; i < 4; ++i)
    CHECK(net.queried[i] >= 1);
}

TEST_CASE("heavy follower: a state of which a byte differs from what was signed is refused") {
  state_givers net{4};
  net.state.back() ^= 1;
  CHECK(net.follow().second == 0);
}
