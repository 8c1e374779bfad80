// The core in a simulated network (consensus.md 4.5): safety after every effect, progress at the
// end.
#include "tests/support/consensus_simulator.hpp"

using namespace datagen::tests;

namespace {

constexpr std::size_t sizes[] = {4, 5, 7, 10};

simulation_options options(std::size_t n, std::uint64_t seed) {
  simulation_options o;
  o.n = n;
  o.seed = seed;
  o.params.wave = seed % 2 ? 4 : 5;
  return o;
}

/// No invariant broke, the correct nodes committed `least` blocks and agree up to a few.
void expect_progress(const simulation& net, commit_index least) {
  CHECK_MESSAGE(net.broken == "", net.broken);
  INFO("seed " << net.options.seed << ", n " << net.options.n);
  CHECK(net.lowest_commit() >= least);
  CHECK(net.lowest_commit() + 16 >= net.chain.size());
  CHECK(net.uncommitted() == 0);
}

}  // namespace

TEST_CASE("core simulation 1: random delays and reordering, every transaction is committed") {
  for (const auto n : sizes)
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      auto o = options(n, seed);
      o.delay_max_ms = seed % 3 ? 30 : 150;
      o.real_signatures = seed == 1;
      simulation net{o};
      net.run(seed % 3 ? 2000 : 4000);
      expect_progress(net, 5);
    }
}

TEST_CASE("core simulation 2: f authors crashed from the start cost nothing but their slots") {
  for (const auto n : sizes)
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      auto o = options(n, 100 + seed);
      for (std::size_t i = 0; i < (n - 1) / 3; ++i)
        o.dead.insert(static_cast<author_index>((seed + 2 * i) % n));
      simulation net{o};
      net.run(2000);
      expect_progress(net, 5);
    }
}

TEST_CASE("core simulation 3: f + 1 crashed stop the chain, and only until they return") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    simulation net{options(4, 200 + seed)};
    net.run(300);
    net.crash(0);
    net.crash(1);
    net.run(600);
    const auto stopped = net.lowest_commit();
    net.run(1000);
    CHECK(net.lowest_commit() <= stopped + 1);
    net.boot(0);
    net.boot(1);
    net.run(3000);
    expect_progress(net, stopped + 5);
  }
}

TEST_CASE("core simulation 4 and 5: partitions with and without a quorum heal") {
  for (const auto n : sizes)
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      simulation net{options(n, 300 + seed)};
      const std::size_t cut = seed % 2 ? (n - 1) / 3 : n / 2;
      std::set<author_index> side;
      while (side.size() < cut)
        side.insert(static_cast<author_index>((seed + 3 * side.size()) % n));
      net.at(200, [&] { net.partition(side); });
      net.at(900, [&] { net.heal(); });
      net.run(3000);
      expect_progress(net, 8);
    }
}

TEST_CASE("core simulation 6: a rotating isolated node holds nobody up") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    simulation net{options(7, 400 + seed)};
    for (std::uint64_t t = 0; t < 15; ++t) {
      const auto alone = static_cast<author_index>(t * 3 % 7);
      net.at(50 + 60 * t, [&net, alone] { net.partition({alone}); });
    }
    net.at(950, [&] { net.heal(); });
    net.run(2500);
    expect_progress(net, 8);
  }
}

TEST_CASE("core simulation 7: up to f authors that sign twins fork nobody and are found out") {
  std::size_t evidence = 0;
  for (const auto n : sizes)
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      auto o = options(n, 500 + seed);
      for (std::size_t i = 0; i < (n - 1) / 3; ++i)
        o.twins.insert(static_cast<author_index>((seed + 2 * i) % n));
      o.loss_permille = seed % 3 ? 0 : 30;
      simulation net{o};
      net.run(2500);
      expect_progress(net, 5);
      evidence += net.evidence;
    }
  CHECK(evidence > 100);
}

TEST_CASE("core simulation 8: lost messages are fetched") {
  for (const auto n : sizes)
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      auto o = options(n, 600 + seed);
      o.loss_permille = 50 + 25 * (seed % 4);
      simulation net{o};
      net.at(1500, [&] { net.options.loss_permille = 0; });
      net.run(4000);
      expect_progress(net, 5);
    }
}

TEST_CASE("core simulation 10: a crash at any point of an own vertex's way out loses nothing") {
  std::size_t restarts = 0;
  for (const auto n : {4u, 7u})
    for (const auto point :
         {crash_point::before_write, crash_point::after_write, crash_point::after_send})
      for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        auto o = options(n, 700 + seed);
        simulation net{o};
        for (std::uint64_t k = 0; k < 4; ++k) {
          const auto victim = static_cast<author_index>((seed + k) % n);
          net.at(100 + 170 * k + seed * 7,
                 [&net, victim, point, k] { net.crash_at(victim, point, k % 2 ? 1 : 60); });
        }
        net.run(3000);
        expect_progress(net, 8);
        restarts += net.restarts;
      }
  CHECK(restarts == 2 * 3 * 8 * 4);
}

TEST_CASE("core simulation 7 and 10: restarts amid twins reproduce every block") {
  for (const auto n : {4u, 7u})
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      auto o = options(n, 900 + seed);
      o.twins.insert(static_cast<author_index>(seed % n));
      o.delay_max_ms = 10 + 10 * (seed % 4);
      simulation net{o};
      for (std::uint64_t k = 1; k < n; ++k) {
        const auto victim = static_cast<author_index>((seed + k) % n);
        const auto point = static_cast<crash_point>(k % 3);
        net.at(100 + 190 * k, [&net, victim, point] { net.crash_at(victim, point, 50); });
        net.at(200 + 190 * k, [&net, victim, point] { net.crash_at(victim, point, 5); });
      }
      net.run(4000);
      expect_progress(net, 8);
      CHECK(net.restarts > n);
    }
}

TEST_CASE("core simulation 12: a node that slept for many rounds, but not too many, catches up") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    auto o = options(4, 800 + seed);
    o.delay_max_ms = 5;
    o.quiet_ms = 1200;
    o.params.gc_depth = 200;
    simulation net{o};
    net.at(100, [&] { net.crash(2); });
    net.at(1200, [&] { net.boot(2); });
    net.run(2500);
    expect_progress(net, 20);
  }
}
