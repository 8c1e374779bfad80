// Scenarios 4 to 6 and 12: who is cut off, who was away, L2 and L4.
#include "tests/simulation/scenario.hpp"

using namespace datagen::simulation;

TEST_CASE("consensus simulation 4: a majority commits on, the minority catches up (L4)") {
  for (const std::size_t n : {4, 7, 10})
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      simulation net{plain(n, 300 + seed)};
      net.run(200);
      std::set<member_id> side;
      for (const auto a : some_f(n, seed))
        side.insert(a);
      net.partition(side);
      const auto before = net.height();
      net.run(900);
      CHECK(net.height() >= before + 5);
      for (const auto m : side)
        CHECK(net.member(m).status().commits <= before + 3);
      expect_convergence(net, before + 5);
    }
}

TEST_CASE("consensus simulation 5: ten minutes without a quorum cost nothing that was submitted") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    auto o = plain(4, 350 + seed);
    o.quiet_ms = 2000;
    o.delay_max_ms = 20;
    simulation net{o};
    net.run(200);
    net.partition({0, 1});
    net.run(400);
    const auto before = net.height();
    net.run(600'000);
    CHECK(net.height() == before);
    CHECK(net.uncommitted() > 50);
    net.heal();
    const auto round = net.member(0).status().highest_round;
    CHECK(to_text(net.settle(4000)) == "pass");
    CHECK_MESSAGE(net.broken() == "", net.broken());
    // L2: within 4 w rounds of the heal everything is in a block.
    CHECK(net.member(0).status().decided_round <= round + 4 * o.params.wave);
  }
}

TEST_CASE("consensus simulation 6: a node isolated in turn every two rounds holds nobody up (L1)") {
  for (const std::size_t n : {4, 7})
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      auto o = plain(n, 400 + seed);
      o.delay_max_ms = 15;
      simulation net{o};
      // Whatever goes to or comes from the isolated one waits until its turn is over.
      net.scene().net.hold([&net, n](member_id from, member_id to) -> std::uint64_t {
        const auto alone = net.scene().time.now() / 30 * 3 % n;
        return from == alone || to == alone ? 5 : 0;
      });
      net.run(950);
      CHECK(net.height() >= 8);
      expect_convergence(net, 8);
    }
}

TEST_CASE("consensus simulation 12: a node that slept within the window catches up (L4)") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    auto o = plain(4, 800 + seed);
    o.delay_max_ms = 5;
    o.quiet_ms = 1200;
    o.params.gc_depth = 300;
    simulation net{o};
    net.run(100);
    net.member(2).crash();
    net.run(1200);
    net.member(2).boot();
    expect_convergence(net, 20);
  }
}

TEST_CASE("consensus simulation 12: beyond the window a node starts again from a peer's store") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    auto o = plain(4, 850 + seed);
    o.delay_max_ms = 5;
    o.quiet_ms = 4500;
    o.params.gc_depth = 40;
    simulation net{o};
    net.run(100);
    const auto slept = net.member(2).status().decided_round;
    net.member(2).crash();
    net.run(4500);
    CHECK(net.member(0).status().gc_floor > slept + 100);
    net.member(2).boot();
    net.run(5000);
    CHECK(net.member(2).status().decided_round < net.member(0).status().gc_floor);
    net.rebuild_the_lost();
    net.run(5500);
    CHECK(net.rebuild_the_lost() == 1);
    expect_convergence(net, 100);
  }
}
