// Scenario 19: a Byzantine author that floods; the limits of consensus.md 2.3 hold.
#include "tests/simulation/scenario.hpp"

using namespace datagen::simulation;

namespace {

/// Signs as the (otherwise silent) last author of a committee of four.
struct flooder {
  simulation& net;
  author_index self = 3;
  std::uint64_t salt = 0;

  vertex_ref nobody(round_number round, author_index a) {
    return {round, a, hash("nothing", ++salt)};
  }
  /// A valid vertex of `round` on parents that do not exist.
  vertex_ptr orphan(round_number round) {
    vertex v;
    v.round = round;
    v.author = self;
    v.timestamp_ms = ++salt;
    v.ancestors.push_back(nobody(round - 1, self));
    for (author_index a = 0; a < self; ++a)
      v.ancestors.push_back(nobody(round - 1, a));
    return finish(std::move(v));
  }
  /// A valid vertex of `round` on what the others really signed, and each call another one.
  vertex_ptr twin(round_number round) {
    vertex v;
    v.round = round;
    v.author = self;
    v.timestamp_ms = ++salt;
    v.ancestors.push_back(genesis_refs(net.scene().members)[self]);
    for (author_index a = 0; a < self; ++a)
      v.ancestors.push_back(round == 1
                              ? genesis_refs(net.scene().members)[a]
                              : net.scene().everything.graph().first(round - 1, a)->v->ref);
    return finish(std::move(v));
  }
  vertex_ptr finish(vertex v) {
    if (const auto slot = net.options().params.slot_decided_at(v.round))
      v.coin_share = net.scene().coin_of(self)->share(coin_domain::leaders, *slot);
    return sign_vertex(std::move(v), net.scene().keys[self]);
  }
};

simulation_options with_silent_author(std::uint64_t seed) {
  auto o = plain(4, seed);
  o.forgers[3] = {.silent_from = 0};
  o.delay_max_ms = 10;
  return o;
}

}  // namespace

TEST_CASE("consensus simulation 19: far-future rounds stay out") {
  simulation net{with_silent_author(1700)};
  flooder f{net};
  for (std::uint64_t t = 100; t < 600; t += 5)
    net.at(t, [&] {
      for (member_id to = 0; to < 3; ++to)
        net.inject(3, to, f.orphan(5000 + static_cast<round_number>(net.scene().random() % 1000)));
    });
  net.run(700);
  for (const auto m : net.correct_members()) {
    CHECK(net.member(m).status().suspended == 0);
    CHECK(net.member(m).status().missing <= 4);  // the honest have a few under way
  }
  expect_convergence(net);
}

TEST_CASE("consensus simulation 19: orphans are bounded per author and starve no honest fetch") {
  commit_index heights[2] = {};
  for (const bool flooded : {false, true}) {
    auto o = with_silent_author(1701);
    o.loss_permille = 20;  // the honest need their fetches, all three of them each round
    o.quiet_ms = 2000;
    simulation net{o};
    flooder f{net};
    for (std::uint64_t t = 100; flooded && t < 2000; t += 5)
      net.at(t, [&] {
        for (member_id to = 0; to < 3; ++to)
          for (int k = 0; k < 4; ++k)
            net.inject(3, to,
                       f.orphan(net.member(to).status().gc_floor + 2 +
                                static_cast<round_number>(net.scene().random() % 60)));
      });
    net.run(2000);
    const auto limit = 2 * std::size_t{o.params.gc_depth};
    std::size_t most = 0;
    for (const auto m : net.correct_members()) {
      const auto s = net.member(m).status();
      most = std::max(most, s.suspended);
      CHECK(s.suspended <= limit + 40);
      CHECK(s.missing <= 4 * (limit + 40));
    }
    CHECK((most > limit / 2) == flooded);
    heights[flooded] = net.height();
    expect_convergence(net, 10);
  }
  CHECK(heights[true] * 2 >= heights[false]);
}

TEST_CASE("consensus simulation 19: of a thousand unrequested twins one comes in") {
  simulation net{with_silent_author(1702)};
  flooder f{net};
  net.run(300);
  const auto round = net.member(0).status().highest_round;
  const auto before = net.member(0).status().accepted;
  for (int k = 0; k < 1000; ++k)
    net.inject(3, 0, f.twin(round));
  net.run(330);
  const auto& row = net.member(0).engine().graph().row(round);
  std::size_t twins = 0;
  for (const auto& v : row.nodes)
    twins += v->author() == 3;
  CHECK(twins <= 1);
  CHECK(net.member(0).status().accepted <= before + 60);
  CHECK(net.scene().rules.evidence_found() >= 1);
  expect_convergence(net);
}
