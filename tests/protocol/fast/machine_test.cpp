#include "fixture.hpp"

#include <chrono>

using namespace fast_test;

namespace {

/// A few blocks with everything in them; the epoch ends on the way.
std::vector<chain::block_input> some_blocks(world& net, std::uint32_t seed) {
  std::mt19937 random{seed};
  std::vector<chain::block_input> blocks;
  auto push = [&](std::vector<bytes> transactions) {
    blocks.push_back(net.block_of(std::move(transactions)));
    net.machine.execute(blocks.back());
  };
  push({world::heavy_tx(net.heavy.say(world::session_events(1, 100'000)))});
  for (std::uint32_t i = 1; i <= 12; ++i) {
    push({net.leaf_tx(1, i, random() % 2), net.leaf_tx(1, 1 + random() % 12, 1, 1), {1, 2}});
    if (i == 6) {
      push({world::heavy_tx(net.heavy.say({heard::checkpoint_drawn{2, hash("beacon"), {0}}}))});
      net.clock_ms += net.start.params.epoch_ms;
    }
  }
  return blocks;
}

}  // namespace

TEST_CASE("fast machine: equal blocks give equal roots, events and outcomes on every node") {
  for (std::uint32_t seed = 1; seed <= 3; ++seed) {
    CAPTURE(seed);
    world net;
    const auto blocks = some_blocks(net, seed);
    fast::fast_machine one(net.start, net.checker);
    fast::fast_machine two(net.start, net.checker);
    std::set<digest> roots;
    for (const auto& block : blocks) {
      const auto a = one.execute(block);
      const auto b = two.execute(block);
      CHECK(a.state_root == b.state_root);
      CHECK(a.events == b.events);
      CHECK(encode(a.outcomes) == encode(b.outcomes));
      CHECK(roots.insert(a.state_root).second);
    }
    CHECK(one.state_root() == net.machine.state_root());
  }
}

TEST_CASE("fast machine: a restored snapshot continues identically") {
  world net;
  const auto blocks = some_blocks(net, 7);
  fast::fast_machine straight(net.start, net.checker);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    straight.execute(blocks[i]);
    fast::fast_machine resumed(net.start, net.checker);
    REQUIRE(resumed.restore(straight.snapshot()));
    CHECK(resumed.snapshot() == straight.snapshot());
    for (std::size_t k = i + 1; k < blocks.size(); ++k)
      resumed.execute(blocks[k]);
    CHECK(resumed.state_root() == net.machine.state_root());
    CHECK(resumed.snapshot() == net.machine.snapshot());
  }
}

TEST_CASE("fast machine: a foreign or damaged snapshot changes nothing") {
  world net;
  net.open(1);
  const auto root = net.machine.state_root();
  auto other_start = small_genesis();
  other_start.name = "other";
  world other{other_start};
  CHECK(!net.machine.restore(other.machine.snapshot()));
  auto cut = net.machine.snapshot();
  cut.pop_back();
  CHECK(!net.machine.restore(cut));
  CHECK(!net.machine.restore({}));
  CHECK(net.machine.state_root() == root);
}

TEST_CASE("fast machine: a block of refusals is not worth certifying") {
  world net;
  const auto result = net.run({net.leaf_tx(1, 1), bytes{9, 9}});
  CHECK(result.outcomes.size() == 2);
  CHECK(!result.worth_certifying);
  CHECK(result.outcomes[0].transaction == sha256(net.leaf_tx(1, 1)));
}

TEST_CASE("fast machine: beside signatures a leaf costs microseconds") {
  world net;
  net.open(1, 1'000'000'000);
  std::vector<bytes> leaves;
  for (std::uint32_t i = 1; i <= 300; ++i)
    leaves.push_back(net.leaf_tx(1, i));
  const auto block = net.block_of(leaves);
  fast::fast_machine warm(net.start, net.checker);
  REQUIRE(warm.restore(net.machine.snapshot()));
  warm.execute(block);  // the checker has seen every signature now
  const auto begin = std::chrono::steady_clock::now();
  net.machine.execute(block);
  const auto spent = std::chrono::steady_clock::now() - begin;
  MESSAGE("300 leaves in " << std::chrono::duration_cast<std::chrono::microseconds>(spent).count()
                           << " us");
  CHECK(net.machine.now().ordered.size() == 300);
}
