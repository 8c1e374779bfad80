#include "protocol/consensus/linearizer.hpp"

using namespace datagen::protocol;
using namespace datagen::protocol::consensus;

namespace {

/// Four authors; the rounds are written by hand.
struct chain {
  dag graph{4, limits()};
  linearizer order{1, hash("before", 1), 50};
  std::vector<vertex_ref> tips;

  static engine_params limits() {
    engine_params result;
    result.leaders = 1;
    result.gc_depth = 5;
    return result;
  }
  chain() {
    for (author_index a = 0; a < 4; ++a)
      tips.push_back({0, a, {}});
  }
  const node& add(round_number round, author_index author, std::vector<vertex_ref> links,
                  std::uint64_t time) {
    vertex v;
    v.round = round;
    v.author = author;
    v.timestamp_ms = time;
    v.ancestors = std::move(links);
    return graph.accept(seal({std::move(v), {}}));
  }
  void full_round(round_number round, std::vector<std::uint64_t> times) {
    std::vector<vertex_ref> here;
    for (author_index a = 0; a < times.size(); ++a) {
      auto links = tips;
      std::swap(links[0], links[a]);
      here.push_back(add(round, a, links, times[a]).v->ref);
    }
    tips = here;
  }
  linearized commit_first(round_number round, author_index author) {
    slot s;
    s.round = round;
    s.author = author;
    s.decision = slot_decision::direct_commit;
    s.leader = graph.first(round, author);
    return order.take(graph, s);
  }
};

}  // namespace

TEST_CASE("linearizer 2.9: a block's time is the lower median of the round below its leader") {
  chain c;
  c.full_round(1, {100, 110, 120, 9'000'000});
  c.full_round(2, {9'000'000, 1, 1, 1});                 // the leader's own clock does not count
  CHECK(c.commit_first(1, 0).block.timestamp_ms == 50);  // round 1 stands on genesis
  CHECK(c.commit_first(2, 0).block.timestamp_ms == 110);
  c.full_round(3, {7, 7, 7, 7});
  CHECK(c.commit_first(3, 1).block.timestamp_ms == 110);  // never backwards
}

TEST_CASE("linearizer 2.8: blocks are numbered, chained, and hold what no earlier block holds") {
  chain c;
  c.full_round(1, {1, 1, 1, 1});
  c.full_round(2, {2, 2, 2, 2});
  const auto first = c.commit_first(1, 2), second = c.commit_first(2, 1);
  CHECK(first.block.index == 1);
  CHECK(first.block.previous == hash("before", 1));
  CHECK(first.block.vertices == std::vector<vertex_ref>{c.graph.first(1, 2)->v->ref});
  CHECK(second.block.index == 2);
  CHECK(second.block.previous == digest_of(first.block));
  CHECK(second.block.vertices.size() == 4);  // round 1 but author 2, then the leader
  CHECK(second.block.vertices.back() == c.graph.first(2, 1)->v->ref);
  CHECK(second.vertices.size() == 4);
}

TEST_CASE("linearizer 2.10: the floor follows the commit before, not the rounds seen locally") {
  chain c;
  c.full_round(1, {1, 1, 1, 1});
  // Author 3 pauses after round 2.
  const auto early = c.add(2, 3, {c.tips[3], c.tips[0], c.tips[1]}, 1).v->ref;
  c.tips.pop_back();
  for (round_number round = 2; round <= 9; ++round)
    c.full_round(round, {1, 1, 1});
  // Round 10: author 0 brings the old vertex in by a weak link.
  auto links = c.tips;
  links.push_back(early);
  c.add(10, 0, links, 1);
  CHECK(c.commit_first(6, 0).block.vertices.size() > 0);
  CHECK(c.order.floor() == 1);
  CHECK(c.commit_first(7, 0).block.vertices.size() == 3);
  CHECK(c.order.floor() == 2);
  const auto last = c.commit_first(10, 0);
  CHECK(std::find(last.block.vertices.begin(), last.block.vertices.end(), early) ==
        last.block.vertices.end());  // round 2 is at the floor: in nobody's block any more
  CHECK(c.order.floor() == 5);
  CHECK(c.order.last_leader_round() == 10);
}
