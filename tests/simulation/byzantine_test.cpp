// Scenarios 8, 9, 14, 15 and forged twins: authors that lie as far as validity lets them.
#include "tests/simulation/scenario.hpp"

using namespace datagen::simulation;

TEST_CASE("consensus simulation 7: f authors that sign several vertices per round fork nobody") {
  std::size_t evidence = 0;
  for (const std::size_t n : {4, 7, 10})
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      auto o = plain(n, 500 + seed);
      for (const auto a : some_f(n, seed))
        o.forgers[a] = {.twins_max = 3, .reach_permille = 600};
      o.loss_permille = seed % 3 ? 0 : 30;
      o.quiet_ms = 500;
      simulation net{o};
      net.run(1200);
      expect_convergence(net);
      evidence += net.scene().rules.evidence_found();
    }
  CHECK(evidence > 50);
}

TEST_CASE("consensus simulation 8: what was sent to f + 1 alone is fetched by the rest (L1)") {
  for (const std::size_t n : {4, 7})
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      auto o = plain(n, 600 + seed);
      const auto f = static_cast<std::uint32_t>((n - 1) / 3);
      for (const auto a : some_f(n, seed))
        o.forgers[a] = {.reach_members = f + 1, .serves = false, .silent_from = 25};
      simulation net{o};
      net.run(1500);
      expect_convergence(net);
      std::size_t committed = 0;
      for (const auto& block : net.scene().rules.chain())
        for (const auto& ref : block.vertices)
          committed += o.forgers.contains(ref.author);
      CHECK(committed >= 10);  // they are in everybody's blocks although most were never sent them
    }
}

TEST_CASE(
  "consensus simulation 9: vertices on never shown ones wait, hold nobody up, and are few") {
  for (const std::size_t n : {4, 7})
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      auto o = plain(n, 650 + seed);
      for (const auto a : some_f(n, seed))
        o.forgers[a] = {.hide_permille = 300};
      simulation net{o};
      net.run(1500);
      std::size_t waiting = 0;
      for (const auto m : net.correct_members())
        waiting += net.member(m).status().suspended;
      CHECK(waiting > 0);
      expect_convergence(net);
    }
}

TEST_CASE("consensus simulation 14: bad or missing coin shares keep their vertices out, no more") {
  using shares = forger_habits::shares;
  for (const auto kind : {shares::bad, shares::missing})
    for (const std::size_t n : {4, 7}) {
      auto o = plain(n, 700 + n);
      for (const auto a : some_f(n, 1))
        o.forgers[a] = {.coin_shares = kind};
      simulation net{o};
      net.run(1000);
      expect_convergence(net);
      for (const auto& block : net.scene().rules.chain())
        for (const auto& ref : block.vertices)
          if (o.forgers.contains(ref.author))
            CHECK(ref.round < o.params.wave);
    }
}

TEST_CASE(
  "consensus simulation 15: clocks an hour off on f authors leave every block's time right") {
  for (const std::size_t n : {4, 7, 10})
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      auto o = plain(n, 750 + seed);
      for (const auto a : some_f(n, seed))
        o.clock_skew_ms[a] = (seed + a) % 2 ? 3'600'000 : -3'600'000;
      simulation net{o};
      net.run(1000);
      expect_convergence(net);  // S10 is judged at every block
      const auto& last = net.scene().rules.chain().back();
      CHECK(last.timestamp_ms + 1000 > unix_of(net.scene().time.now(), 0) - 1000);
    }
}

TEST_CASE("consensus simulation 10: with the real coin and real signatures, beside a forger (S8)") {
  for (const std::size_t n : {4, 7}) {
    auto o = plain(n, 1800 + n);
    o.forgers[static_cast<author_index>(n - 1)] = {.twins_max = 2};
    o.real_coin = o.real_signatures = true;
    o.quiet_ms = 300;
    simulation net{o};
    net.at(200, [&] { net.member(1).crash_at(crash_point::after_write, 60); });
    net.run(600);
    expect_convergence(net);  // S8: every quorum of shares makes the coin of the block, at the end
  }
}
