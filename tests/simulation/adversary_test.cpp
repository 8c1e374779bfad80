// Scenarios 17, 18 and 20: schedulers that aim.
#include "tests/simulation/scenario.hpp"

using namespace datagen::simulation;

TEST_CASE("consensus simulation 17: seeing the coin and delaying its leader does not stop w = 5") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    auto o = plain(4, 1400 + seed);
    o.params.wave = 5;
    o.delay_min_ms = 5;
    o.delay_max_ms = 15;
    o.quiet_ms = 100;
    o.watch_slots = true;
    o.params.idle_ms = o.params.min_round_delay_ms;
    simulation net{o};
    // The newest coin is known as soon as the shares of q authors are signed, before anybody
    // receives them; all that its leader has sent or sends waits until the next coin is known.
    round_number newest = 0;
    author_index target = 0;
    const auto coins = net.scene().electing();
    net.scene().net.hold([&](member_id from, member_id) -> std::uint64_t {
      const auto& all = net.scene().everything.graph();
      while (all.coin_known(newest + 1))
        target = coins.elect(all, ++newest)->leaders[0];
      return newest > 0 && from == target ? 4 : 0;
    });
    net.run(6000);
    CHECK_MESSAGE(net.broken() == "", net.broken());
    REQUIRE(newest >= 110);
    const auto& slots = net.member(0).slots();
    REQUIRE(slots.size() >= 100);
    std::size_t since_direct = 0;
    for (std::size_t i = 0; i < 100; ++i) {
      since_direct = slots[i].decision == slot_decision::direct_commit ? 0 : since_direct + 1;
      CHECK(since_direct < 20);
    }
    expect_convergence(net);
  }
}

TEST_CASE(
  "consensus simulation 18: f that withhold their beacon shares neither stop nor steer it") {
  for (const std::size_t n : {4, 7})
    for (const bool withheld : {false, true}) {
      auto o = metronome(n, 5);
      o.beacon_every = 4;
      o.quiet_ms = 600;
      o.params.leaders = 1;
      if (withheld)
        for (const auto a : some_f(n, 2))
          o.beacon_withheld.insert(a);
      simulation net{o};
      net.run(1000);
      expect_convergence(net, 20);
      const auto& chain = net.scene().rules.chain();
      const auto& beacons = net.scene().rules.beacons();
      REQUIRE(beacons.size() >= 5);
      for (const auto& [height, found] : beacons) {
        // The value is the one that every other choice of shares makes (one coin, one value).
        CHECK(found.value == net.scene().coin_of(0)->value(coin_domain::audits, height, {}));
        // Block h is decided in round leader + w - 1. Its shares ride round D + 1 or, where blocks
        // take a moment to execute, D + 2, and a leader above them needs w - 1 rounds more.
        const auto decided = chain[height - 1].leader.round + o.params.wave - 1;
        const auto complete = chain[found.complete_at - 1].leader.round + o.params.wave - 1;
        CHECK(complete >= decided + o.params.wave + 1);
        CHECK(complete <= decided + o.params.wave + 3);
      }
    }
}

TEST_CASE(
  "consensus simulation 18: nobody can compute a beacon before f + 1 correct have its block") {
  auto o = plain(4, 1500);
  o.beacon_every = 3;
  o.real_coin = true;
  o.quiet_ms = 400;
  o.delay_max_ms = 60;
  simulation net{o};
  // The adversary holds the share of one Byzantine author in advance and sees all vertices signed.
  std::map<std::uint64_t, std::size_t> shares;
  std::size_t judged = 0, computed = 0;
  net.scene().net.hold([&](member_id, member_id) -> std::uint64_t {
    const auto& all = net.scene().everything.graph();
    for (; judged + 1 < all.highest_round(); ++judged)
      for (const auto& v : all.row(static_cast<round_number>(judged + 1)).nodes)
        for (const auto& x : v->v->body.beacon_shares) {
          if (++shares[x.height] + 1 != net.scene().members.quorum())
            continue;
          ++computed;
          std::size_t holders = 0;
          for (const auto m : net.correct_members())
            holders += net.member(m).status().commits >= x.height;
          CHECK(holders >= net.scene().members.faults() + 1);
        }
    return 0;
  });
  net.run(900);
  expect_convergence(net);
  CHECK(computed >= 2);
}

TEST_CASE("consensus simulation 20: rotating slow authors beside f Byzantine ones stop nothing") {
  // The round-jump attack (Qiu et al., S&P 2026; consensus.md 2.4): only f + 2 of the correct
  // authors are quick at a time, so that jumping ones would leave no quorum in any round.
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    auto o = plain(10, 1600 + seed);
    for (author_index a = 0; a < 3; ++a)
      o.forgers[a] = {.twins_max = 1, .reach_permille = 700};
    o.delay_max_ms = 10;
    o.quiet_ms = 2000;
    simulation net{o};
    net.scene().net.hold([&](member_id from, member_id to) -> std::uint64_t {
      const auto slow = [&](member_id m) {
        const auto first = net.scene().time.now() / 60 % 7;
        return m >= 3 && ((m - 3 + 7 - first) % 7) < 2;
      };
      return slow(from) || slow(to) ? 8 : 0;
    });
    // A slot whose leader lied waits for an anchor w rounds above, which may be a liar's too (2.7):
    // a window holds thirty rounds, six times that wait.
    commit_index before = 0;
    for (std::uint64_t t = 1000; t <= 4000; t += 1000) {
      net.run(t);
      CHECK(net.height() >= before + 6);
      before = net.height();
    }
    expect_convergence(net, 15);
  }
}
