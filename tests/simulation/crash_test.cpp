// Scenarios 10, 11, 13 and the end of an epoch: stores, disks and executors.
#include "tests/simulation/scenario.hpp"

using namespace datagen::simulation;

TEST_CASE("consensus simulation 10: a crash at any point of a vertex's way out loses nothing") {
  std::size_t restarts = 0;
  for (const std::size_t n : {4, 7})
    for (const auto point :
         {crash_point::before_write, crash_point::after_write, crash_point::after_send})
      for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        simulation net{plain(n, 700 + seed)};
        for (std::uint64_t k = 0; k < 4; ++k) {
          const auto victim = static_cast<member_id>((seed + k) % n);
          net.at(100 + 170 * k + seed * 7,
                 [&net, victim, point, k] { net.member(victim).crash_at(point, k % 2 ? 1 : 60); });
        }
        net.run(1200);
        expect_convergence(net, 8);
        restarts += net.scene().restarts;
      }
  CHECK(restarts == 2 * 3 * 4 * 4);
}

TEST_CASE("consensus simulation 10: restarts amid forged twins reproduce every block") {
  for (const std::size_t n : {4, 7})
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      auto o = plain(n, 900 + seed);
      o.forgers[static_cast<author_index>(seed % n)] = {.twins_max = 2};
      o.delay_max_ms = 10 + 10 * (seed % 4);
      simulation net{o};
      for (std::uint64_t k = 1; k < n; ++k) {
        const auto victim = static_cast<member_id>((seed + k) % n);
        const auto point = static_cast<crash_point>(k % 3);
        for (const std::uint64_t again : {100, 200})
          net.at(again + 190 * k,
                 [&net, victim, point] { net.member(victim).crash_at(point, 30); });
      }
      net.run(1800);
      expect_convergence(net, 8);
      CHECK(net.scene().restarts > n);
    }
}

TEST_CASE("consensus simulation 11: an author without its store watches, and signs nothing") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    auto o = plain(4, 950 + seed);
    o.params.gc_depth = 200;
    simulation net{o};
    net.run(400);
    net.member(1).lose_store();
    net.run(450);
    net.member(1).boot();  // that it never proposes is judged at every proposal
    expect_convergence(net, 8);
    CHECK_FALSE(net.member(1).status().proposing);
    CHECK(net.member(1).status().commits + 16 >= net.height());
  }
}

TEST_CASE(
  "consensus simulation 13: a slow executor stops its payload, not its rounds, and recovers") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    auto o = plain(4, 1000 + seed);
    o.params.backlog_max = 8;
    o.quiet_ms = 3000;
    simulation net{o};
    net.run(300);
    net.member(1).machine().set_pace(1000);
    net.run(1200);
    CHECK(net.member(1).machine().backlog() > 8);
    const auto payloads = net.member(1).payloads();
    const auto round = net.member(1).status().own_round;
    net.run(2000);
    CHECK(net.member(1).payloads() <= payloads + 1);
    CHECK(net.member(1).status().own_round > round + 10);
    CHECK(net.member(0).payloads() > payloads);
    net.member(1).machine().set_pace(std::nullopt);
    expect_convergence(net, 20);
    CHECK(net.member(1).payloads() > payloads);
  }
}

TEST_CASE("consensus simulation 13: where everybody executes slowly, rounds wait for execution") {
  auto o = plain(4, 1010);
  o.params.backlog_max = 8;
  o.params.idle_ms = o.params.min_round_delay_ms;  // nothing else slows them
  o.quiet_ms = 10'000;
  simulation net{o};
  net.run(300);
  for (member_id m = 0; m < 4; ++m)
    net.member(m).machine().set_pace(100);
  net.run(10'000);
  for (member_id m = 0; m < 4; ++m)
    CHECK(net.member(m).machine().backlog() < 6 * o.params.backlog_max);
  for (member_id m = 0; m < 4; ++m)
    net.member(m).machine().set_pace(std::nullopt);
  expect_convergence(net, 20);
}

TEST_CASE(
  "consensus simulation 16, the core's part: an epoch's last block is the same everywhere") {
  for (const std::size_t n : {4, 7})
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      auto o = plain(n, 1050 + seed);
      o.last_commit_of_epoch = 12;
      o.quiet_ms = 1500;
      simulation net{o};
      net.at(600, [&] { net.member(1).crash_at(crash_point::after_write, 100); });
      net.run(4000);
      CHECK_MESSAGE(net.broken() == "", net.broken());
      std::set<bytes> waiting;
      for (const auto m : net.correct_members()) {
        CHECK(net.member(m).status().closed);
        CHECK(net.member(m).machine().state().index == 12);
        waiting.insert(net.member(m).mempool().begin(), net.member(m).mempool().end());
      }
      // No transaction is lost: each is in a block of the epoch or back in a mempool.
      for (const auto& [transaction, taken_by] : net.scene().submitted)
        CHECK(
          (net.scene().rules.committed().contains(transaction) != waiting.contains(transaction)));
    }
}
