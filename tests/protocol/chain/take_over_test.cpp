#include "protocol/chain/take_over.hpp"

#include "tests/protocol/fast/fixture.hpp"

using namespace fast_test;

namespace {

/// A Fast Chain whose state is covered every 32 blocks, with leaves in it, at block 64.
world at_covered_block() {
  auto start = small_genesis();
  start.params.snapshot_blocks = 32;
  world net(start);
  net.open(1);
  for (std::uint32_t i = 1; net.machine.height() < 64; ++i)
    net.run({net.leaf_tx(1, i)});
  return net;
}

consensus::finality_statement said_of(const fast::fast_machine& machine) {
  return {.height = machine.height(), .state_root = machine.state_root()};
}

}  // namespace

TEST_CASE("take-over: a stranger's Fast state is taken where the root covers it, and goes on alike") {
  auto net = at_covered_block();
  fast::fast_machine fresh(net.start, net.checker);
  REQUIRE(chain::take_over(fresh, net.machine.snapshot(), said_of(net.machine)));
  CHECK(fresh.state_root() == net.machine.state_root());
  const auto next = net.block_of({net.leaf_tx(1, 900)});
  CHECK(fresh.execute(next).state_root == net.machine.execute(next).state_root);
}

TEST_CASE("take-over: no byte of a covered Fast state can be changed, and the own state stays") {
  auto net = at_covered_block();
  fast::fast_machine fresh(net.start, net.checker);
  const auto own = fresh.snapshot();
  const auto good = net.machine.snapshot();
  std::mt19937 random{11};
  std::size_t decoded = 0;
  for (int i = 0; i < 2'000; ++i) {
    auto bad = good;
    bad[random() % bad.size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
    fast::fast_machine other(net.start, net.checker);
    decoded += other.restore(bad);
    REQUIRE_FALSE(chain::take_over(fresh, bad, said_of(net.machine)));
  }
  CHECK(decoded > 100);  // it is the root that refuses these, not the codec
  CHECK(fresh.snapshot() == own);
  auto said = said_of(net.machine);
  said.height += 32;
  CHECK_FALSE(chain::take_over(fresh, good, said));
  CHECK(fresh.snapshot() == own);
}

TEST_CASE("take-over: between covered blocks the Fast root says nothing of sessions and leaves") {
  auto net = at_covered_block();
  const auto covered = net.machine.sections().back();
  net.run({});
  CHECK(net.machine.sections().back() != covered);
  const auto zero = net.machine.sections().back();
  net.run({net.leaf_tx(1, 901)});
  CHECK(net.machine.sections().back() == zero);
}
