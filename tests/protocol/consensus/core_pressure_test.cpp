// What a core does when it cannot get on: 2.10, 2.14, 2.15.
#include "tests/support/core_table.hpp"

using namespace datagen::test_support;
using table = core_table;

TEST_CASE("core 2.14: while nothing is committed payload stops, and the rounds do not") {
  // w = 3, one leader per round, and exactly two of four voters ever refer to it: every slot stays
  // undecided. The leaders are known because the mock coin's are.
  table t;
  t.params.wave = 3;
  t.params.idle_ms = t.params.min_round_delay_ms;
  t.boot();
  const auto leader_of = [](round_number slot) {
    return leader_permutation(mock_coin{}.value(coin_domain::leaders, slot, {}), 4)[0];
  };
  t.params.gc_depth = 40;
  t.boot();
  t.tell(event::transactions_waiting{});
  t.tell(event::start{});
  auto below = genesis_refs(t.members);
  round_number last_payload = 0;
  std::vector<std::uint64_t> pauses(41);  // before the vertex of each round, ms
  for (round_number round = 1; round <= 40; ++round) {
    if (round > 1)
      t.tell(event::transactions_waiting{});
    while (!t.one<effect::persist>() && !t.one<effect::want_payload>()) {
      REQUIRE(pauses[round] < 10'000);
      t.now += 5;
      pauses[round] += 5;
      t.tell(event::tick{});
    }
    if (t.one<effect::want_payload>()) {
      last_payload = round;
      t.tell(event::payload{{{1}}, true});
    }
    REQUIRE(t.one<effect::persist>());
    std::vector<vertex_ref> here(4);
    here[0] = t.persist(*t.one<effect::persist>())->ref;
    CHECK(t.engine->status().own_round == round);
    for (author_index a = 1; a < 4; ++a) {
      const auto leader = round > 1 ? leader_of(round - 1) : author_index{0};
      const bool refers = a == leader || (leader == 0 && a == 1) || round == 1;
      std::vector<vertex_ref> links{below[a]};
      for (author_index b = 0; b < 4; ++b)
        if (b != a && (refers || b != leader))
          links.push_back(below[b]);
      const auto v = t.make(a, round, links);
      here[a] = v->ref;
      t.receive(v);
    }
    below = here;
  }
  CHECK(t.engine->status().commits == 0);
  CHECK(t.engine->status().own_round == 40);
  CHECK(last_payload <= 3 * t.params.wave + 1);
  CHECK(last_payload >= 3 * t.params.wave - 1);
  // From half a window on each pause is twice the one before, so that memory lasts.
  CHECK(pauses[15] <= t.params.min_round_delay_ms + 5);
  CHECK(pauses[40] >= 16 * t.params.min_round_delay_ms);
}

TEST_CASE("core 2.10: transactions of an own vertex that fell below the floor come back") {
  table t;
  t.params.gc_depth = 5;
  t.boot();
  t.tell(event::transactions_waiting{});
  t.tell(event::start{});
  t.tell(event::payload{{{7}}, false});
  t.persist(*t.one<effect::persist>());  // and no later own vertex ever becomes durable
  std::vector<bytes> back;
  std::vector<vertex_ref> below = genesis_refs(t.members);
  for (round_number round = 1; round <= 20; ++round) {
    std::vector<vertex_ref> here(4);
    for (author_index a = 1; a < 4; ++a) {
      std::vector<vertex_ref> links{below[a]};
      for (author_index b = 1; b < 4; ++b)
        if (b != a)
          links.push_back(below[b]);
      const auto v = t.make(a, round, links);  // nobody refers to author 0
      here[a] = v->ref;
      t.receive(v);
      const auto now = given_back(t);
      back.insert(back.end(), now.begin(), now.end());
    }
    below = here;
  }
  CHECK(t.engine->status().gc_floor > 1);
  CHECK(back == std::vector<bytes>{{7}});
}

TEST_CASE("core: it says how much it waits for") {
  table t;
  t.tell(event::start{});
  CHECK(t.engine->status().missing == 0);
  t.receive(t.make(1, 3, {{2, 1, hash("x", 1)}, {2, 2, hash("x", 2)}, {1, 3, hash("x", 3)}}));
  CHECK(t.engine->status().missing == 3);
}
