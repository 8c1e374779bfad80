// The end of an epoch as the core sees it (consensus.md 2.13).
#include "tests/support/core_table.hpp"

using namespace datagen::test_support;
using table = core_table;

TEST_CASE("core: a closed epoch gives back own transactions in no executed block, once") {
  table t;
  play_with_payload(t, 9);  // w = 4: slots 1 to 6 are decided
  REQUIRE(t.engine->status().commits == 6);
  t.tell(event::commit_executed{4, std::nullopt, {}, false});
  t.tell(event::epoch_closed{});
  CHECK(t.engine->status().closed);
  // Block 4 holds own vertices up to round 3 at least; what only blocks 5 and 6 hold is void.
  auto back = given_back(t);
  const bytes first_void = back.front();
  CHECK((first_void == bytes{4} || first_void == bytes{5}));
  CHECK(back.back() == bytes{9});
  CHECK(back.size() == 9u - first_void[0] + 1u);
  t.tell(event::epoch_closed{});
  CHECK(given_back(t).empty());
}

TEST_CASE("core: a closed epoch outputs and takes nothing, but proposes on at idle pace") {
  table t;
  play_with_payload(t, 9);
  t.tell(event::transactions_waiting{});
  t.tell(event::epoch_closed{});
  const auto commits = t.engine->status().commits;
  round_number proposed = 0;
  for (int i = 0; i < 5; ++i) {
    t.now += t.params.idle_ms - 1;
    t.tell(event::tick{});
    CHECK_FALSE(t.one<effect::persist>());
    t.now += 1;
    t.tell(event::commit_executed{commits, finality_vote{commits, {}, {}, {}}, {}, false});
    CHECK_FALSE(t.one<effect::want_payload>());
    const auto record = t.one<effect::persist>();
    REQUIRE(record);
    CHECK(record->own->body.transactions.empty());
    CHECK(record->own->body.finality_votes.size() == 1);
    proposed = t.persist(*record)->ref.round;
    for (author_index a = 1; a < 4; ++a) {
      auto links = record->own->body.ancestors;
      std::swap(links[0], links[a]);
      t.receive(t.make(a, proposed, links));
      CHECK(t.all<effect::output>().empty());
    }
  }
  CHECK(proposed == 14);
  CHECK(t.engine->status().commits == commits);
}

TEST_CASE("core: transactions on their way into a vertex when the epoch closes come back too") {
  table t;
  t.tell(event::start{});
  t.persist(*t.one<effect::persist>());
  for (author_index a = 1; a < 4; ++a)
    t.receive(t.make(a, 1, t.genesis(a)));
  t.now += 1000;
  t.tell(event::transactions_waiting{});
  REQUIRE(t.one<effect::want_payload>());
  t.tell(event::epoch_closed{});
  CHECK(given_back(t).empty());
  t.tell(event::payload{{{7}}, true});
  CHECK(given_back(t) == std::vector<bytes>{{7}});
  CHECK(t.all<effect::want_payload>().empty());
}

TEST_CASE("core: an engine restarted in a closed epoch outputs nothing and gives back the rest") {
  table t;
  t.tell(event::transactions_waiting{});
  t.tell(event::start{});
  t.tell(event::payload{{{7}}, false});
  const auto own = t.persist(*t.one<effect::persist>());
  t.boot();
  CHECK(t.tell(event::epoch_closed{}).empty());
  t.tell(event::start{{own}, {}});
  CHECK(given_back(t) == std::vector<bytes>{{7}});
  REQUIRE(t.one<effect::broadcast>());
}
