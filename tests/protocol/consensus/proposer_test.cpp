#include "protocol/consensus/proposer.hpp"

using namespace datagen::protocol;
using namespace datagen::protocol::consensus;

namespace {

/// Author 0 of four, whose DAG is written by hand.
struct desk {
  committee members;
  engine_params params = fast_params(4);
  dag graph{4, params};
  std::vector<vertex_ref> genesis;
  proposer pace;

  desk() : members(four()), genesis(genesis_refs(members)), pace(params, 0, genesis) {}
  static committee four() {
    committee result;
    result.authors.resize(4);
    return result;
  }
  vertex_ptr make(author_index author, round_number round, std::vector<vertex_ref> links) {
    vertex v;
    v.round = round;
    v.author = author;
    v.timestamp_ms = round;
    v.ancestors = std::move(links);
    return seal({std::move(v), {}});
  }
  /// `authors` at `round`, each on whoever is at the round below, own first.
  void add(round_number round, std::vector<author_index> authors) {
    std::vector<vertex_ref> below;
    for (author_index a = 0; a < 4; ++a)
      if (round == 1)
        below.push_back(genesis[a]);
      else if (const auto* n = graph.first(round - 1, a))
        below.push_back(n->v->ref);
    for (const auto a : authors)
      graph.accept(make(a, round, below));
  }
  /// Author 0 proposes `round` at `now` on what it would refer to.
  vertex_ptr propose(round_number round, std::uint64_t now) {
    const auto own = make(0, round, pace.ancestors(graph, round));
    graph.accept(own);
    pace.remember(*own, now, false);
    return own;
  }
};

}  // namespace

TEST_CASE("proposer 2.4: however high the others are, the next round is the next own one") {
  desk d;
  for (round_number round = 1; round <= 9; ++round)
    d.add(round, {1, 2, 3});
  auto moment = d.pace.when(d.graph, {}, 1000);
  CHECK(moment.round == 1);
  CHECK((moment.ready && moment.catch_up));
  d.propose(1, 1000);
  moment = d.pace.when(d.graph, {}, 1000);
  CHECK(moment.round == 2);
  CHECK(moment.ready);  // the skipped rounds come in a burst
}

TEST_CASE("proposer 2.4: rounds that are decided need no own vertex any more") {
  desk d;
  for (round_number round = 1; round <= 9; ++round)
    d.add(round, {1, 2, 3});
  CHECK(d.pace.when(d.graph, {.decided_round = 5}, 1000).round == 6);
  CHECK(d.pace.when(d.graph, {.decided_round = 10}, 1000).round == 11);
  CHECK_FALSE(d.pace.when(d.graph, {.decided_round = 10}, 1000).ready);  // no quorum at round 10
}

TEST_CASE("proposer 2.4: a slow author's vertices are linked once, however old they are") {
  desk d;
  d.add(1, {0, 1, 2});
  d.pace.remember(*d.graph.first(1, 0)->v, 0, false);
  for (round_number round = 2; round <= 4; ++round) {
    d.add(round, {1, 2});
    d.propose(round, 0);
  }
  d.graph.accept(d.make(3, 1, {d.genesis[3], d.genesis[0], d.genesis[1]}));  // three rounds late
  const auto late = d.graph.first(1, 3)->v->ref;
  const auto links = d.pace.ancestors(d.graph, 5);
  CHECK(std::find(links.begin(), links.end(), late) != links.end());
  d.add(5, {1, 2});
  d.propose(5, 0);
  const auto next = d.pace.ancestors(d.graph, 6);
  CHECK(std::find(next.begin(), next.end(), late) == next.end());
  CHECK(next.size() == 3);
}

TEST_CASE("proposer 2.11: an exposed author is left out while a quorum of others is there") {
  desk d;
  d.add(1, {0, 1, 2, 3});
  d.pace.remember(*d.graph.first(1, 0)->v, 0, false);
  d.pace.expose(3);
  CHECK(d.pace.ancestors(d.graph, 2).size() == 3);
  d.add(2, {1, 3});
  d.propose(2, 0);
  CHECK(d.pace.ancestors(d.graph, 3).size() == 3);  // without it there would be no quorum
}

TEST_CASE(
  "proposer 2.14: strain doubles the pause between rounds up to a second, and no more") {
  desk d;
  const auto pause_after = [&](bool strained) {
    const auto own = d.make(0, 1, {d.genesis[0], d.genesis[1], d.genesis[2]});
    d.pace.remember(*own, 10'000, strained);
    d.add(1, {});
    auto moment = d.pace.when(d.graph, {.work = true}, 10'000);
    return moment.wake_ms - 10'000;
  };
  d.add(1, {1, 2});
  d.graph.accept(d.make(0, 1, {d.genesis[0], d.genesis[1], d.genesis[2]}));
  d.params.wait_all_ms = 0;
  d.pace = proposer{d.params, 0, d.genesis};
  CHECK(pause_after(false) == d.params.min_round_delay_ms);
  std::uint64_t pause = d.params.min_round_delay_ms;
  for (int i = 0; i < 12; ++i) {
    pause = std::min<std::uint64_t>(2 * pause, 1000);
    CHECK(pause_after(true) == pause);
  }
  CHECK(pause == 1000);
  CHECK(pause_after(false) == d.params.min_round_delay_ms);
}
