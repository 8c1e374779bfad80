#include "tests/protocol/fast/fixture.hpp"

using namespace fast_test;

namespace {

/// A roster of `chain`, as Heavy announces it; `fast` where nothing else is said.
consensus::roster roster_of(const world& net, std::uint32_t epoch,
                            std::optional<chain_id> chain = {}) {
  auto result = fast_roster(net.start);
  result.epoch = epoch;
  result.chain = chain.value_or(result.chain);
  return result;
}
bytes ready(world& net, const consensus::roster& next) {
  return world::heavy_tx(net.heavy.say({heard::committee_ready{next}}));
}

}  // namespace

TEST_CASE("the block that hears of a ready successor is the committee's last, with a checkpoint") {
  world net;
  const auto next = roster_of(net, 1);
  const auto done = net.run({ready(net, next)});
  REQUIRE(done.next);
  CHECK(*done.next == next);
  CHECK(done.worth_certifying);
  const auto made = all_of<fast::happened::checkpoint_made>(done);
  REQUIRE(made.size() == 1);
  CHECK(made[0].content.last);
  CHECK(made[0].content.leaves == 0);
  CHECK(made[0].content.sequence == 1);
  CHECK(merkle_verify(done.state_root, merkle_leaf(digest_of(made[0].content).view()), 0,
                      static_cast<std::uint32_t>(net.machine.sections().size()),
                      net.machine.checkpoint_made()->path));
}

TEST_CASE("the last checkpoint takes the leaves of its block along") {
  auto start = small_genesis();
  start.params.checkpoint_blocks = 50;
  world net(start);
  net.open(1);
  REQUIRE(net.code(net.leaf_tx(1, 1)) == 0);
  const auto done = net.run({ready(net, roster_of(net, 1)), net.leaf_tx(1, 2)});
  const auto made = all_of<fast::happened::checkpoint_made>(done);
  REQUIRE(made.size() == 1);
  CHECK(made[0].content.leaves == 2);
  CHECK(made[0].content.last);
}

TEST_CASE("the next committee goes on with the sequence, and its checkpoints are not the last") {
  world net;
  net.open(1);
  (void)net.run({ready(net, roster_of(net, 1))});
  net.epoch = 1;
  const auto done = net.run({net.leaf_tx(1, 1)});
  CHECK_FALSE(done.next);
  const auto made = all_of<fast::happened::checkpoint_made>(done);
  REQUIRE(made.size() == 1);
  CHECK(made[0].content.sequence == 2);
  CHECK_FALSE(made[0].content.last);
  CHECK(net.machine.now().epoch == 1);
}

TEST_CASE("a committee closes for its own successor only") {
  world net;
  net.epoch = 2;  // began at genesis: the two before it died
  CHECK_FALSE(net.run({}).next);
  for (const auto epoch : {1u, 2u, 4u})
    CHECK_FALSE(net.run({ready(net, roster_of(net, epoch))}).next);
  CHECK_FALSE(net.run({ready(net, roster_of(net, 3, heavy_chain_id(net.start)))}).next);
  const auto next = roster_of(net, 3);
  // All of it in one piece of news: the later ones are for those who follow.
  const auto done = net.run({world::heavy_tx(
    net.heavy.say({heard::committee_elected{roster_of(net, 3)}, heard::committee_ready{next},
                   heard::committee_seated{next, ledger::fast_base{}},
                   heard::committee_ready{roster_of(net, 4)}}))});
  CHECK(done.next == next);
}

TEST_CASE("a closed committee's snapshot resumes with its successor") {
  world net;
  net.open(1);
  (void)net.run({ready(net, roster_of(net, 1))});
  fast::fast_machine resumed(net.start, net.checker);
  REQUIRE(resumed.restore(net.machine.snapshot()));
  CHECK(resumed.state_root() == net.machine.state_root());
  CHECK(resumed.now().successor == roster_of(net, 1));
  net.epoch = 1;
  const auto block = net.block_of({net.leaf_tx(1, 1)});
  CHECK(resumed.execute(block).state_root == net.machine.execute(block).state_root);
}
