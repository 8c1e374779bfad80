// Scenarios 1 to 3 and L1, L3: slow, reordered and missing authors.
#include "tests/simulation/scenario.hpp"

using namespace datagen::simulation;

TEST_CASE("consensus simulation 1: random delays and reordering, every slot is decided (L1)") {
  for (const std::size_t n : {4, 7, 10, 16})
    for (std::uint64_t seed = 1; seed <= (n < 16 ? 4 : 2); ++seed) {
      auto o = plain(n, seed);
      o.delay_max_ms = seed % 2 ? 60 : 500;
      o.quiet_ms = 2000;
      o.watch_slots = true;
      o.real_signatures = n == 4 && seed == 1;
      o.params.resync_ms = 2000;
      simulation net{o};
      net.run(seed % 2 ? 2500 : 9000);
      for (const auto m : net.correct_members()) {
        const auto s = net.member(m).status();
        // Scenario 1 asks for bounded lag: two waves beyond the one a slot needs.
        CHECK(s.highest_round - s.decided_round <= 3 * o.params.wave);
        REQUIRE(net.member(m).slots().size() >= 15);
      }
      expect_convergence(net, 10);
    }
}

TEST_CASE("consensus simulation 1: a fair network of any size decides 200 rounds of slots (L1)") {
  auto o = metronome(4, 5);
  o.delay_min_ms = 1;
  o.watch_slots = true;
  o.params.idle_ms = o.params.min_round_delay_ms;
  simulation net{o};
  net.run(3000);
  expect_convergence(net, 190);
  CHECK(net.member(0).slots().back().round >= 200);
}

namespace {

/// The most rounds any slot of a steady run took from its round to its decision at member `m`.
round_number worst_slot_latency(const simulation& net, member_id m) {
  round_number result = 0;
  for (const auto& s : net.member(m).slots())
    result = std::max(result, s.highest_round - s.round);
  return result;
}

}  // namespace

TEST_CASE("consensus simulation 2: f crashed authors add no round to any slot's latency (L3)") {
  for (std::size_t n = 4; n <= 20; n += n < 8 ? 1 : 4)
    for (const std::uint32_t wave : {4u, 5u}) {
      auto o = metronome(n, wave);
      o.watch_slots = true;
      o.submit_every_ms = 100;
      o.quiet_ms = 200;
      o.params.idle_ms = o.params.min_round_delay_ms;
      simulation all{o};
      all.run(500);
      for (const auto a : some_f(n, n))
        o.dead.insert(a);
      simulation fewer{o};
      fewer.run(1500);
      CAPTURE(n);
      CAPTURE(wave);
      const auto alive = fewer.correct_members().front();
      CHECK(worst_slot_latency(all, 0) == wave - 1);
      CHECK(worst_slot_latency(fewer, alive) == wave - 1);
      CHECK(fewer.member(alive).slots().size() > 10);
      for (const auto& s : fewer.member(alive).slots())
        CHECK(
          (s.decision == slot_decision::direct_commit || s.decision == slot_decision::direct_skip));
      expect_convergence(fewer);
    }
}

TEST_CASE(
  "consensus simulation 3: f + 1 crashed stop the chain and nothing grows (L2 afterwards)") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    simulation net{plain(4, 200 + seed)};
    net.options().quiet_ms = 3000;
    net.run(300);
    net.member(0).crash();
    net.member(1).crash();
    net.run(700);
    const auto stopped = net.height();
    const auto held = net.member(2).status();
    const auto payloads = net.member(2).payloads();
    net.run(3000);
    CHECK(net.height() == stopped);
    CHECK(net.member(2).status().accepted <= held.accepted + 1);
    CHECK(net.member(2).status().suspended == 0);
    CHECK(net.member(2).payloads() <= payloads + 1);
    net.member(0).boot();
    net.member(1).boot();
    expect_convergence(net, stopped + 5);
  }
}
