// The core by hand: one engine of four, the other three played by the test.
#include "tests/support/core_table.hpp"

using namespace datagen::test_support;
using table = core_table;

TEST_CASE("core: an own vertex is broadcast when its own record is durable, and only then") {
  table t;
  t.tell(event::start{});
  const auto record = t.one<effect::persist>();
  REQUIRE(record);
  CHECK(t.all<effect::broadcast>().empty());
  CHECK(record->own->ref.round == 1);
  CHECK(t.engine->status().accepted == 0);
  t.now += 10'000;
  t.tell(event::tick{});
  CHECK(t.all<effect::broadcast>().empty());
  CHECK(t.all<effect::persist>().empty());
  t.tell(event::persisted{record->sequence + 1});
  CHECK(t.all<effect::broadcast>().empty());
  t.tell(event::persisted{record->sequence});
  REQUIRE(t.one<effect::broadcast>());
  CHECK(t.one<effect::broadcast>()->own == record->own);
  CHECK(t.engine->status().accepted == 1);
  t.tell(event::persisted{record->sequence});
  CHECK(t.all<effect::broadcast>().empty());
}

TEST_CASE("core: nothing happens before the start, and starting twice changes nothing") {
  table t;
  CHECK(t.tell(event::tick{}).empty());
  CHECK(t.tell(event::vertices_verified{1, {t.make(1, 1, t.genesis(1))}}).empty());
  t.tell(event::start{});
  CHECK(t.one<effect::persist>());
  t.tell(event::start{});
  CHECK_FALSE(t.one<effect::persist>());
}

TEST_CASE("core: accepted vertices of others are in the record of the vertex that refers to them") {
  table t;
  t.tell(event::start{});
  t.persist(*t.one<effect::persist>());
  for (author_index a = 1; a < 4; ++a)
    t.receive(t.make(a, 1, t.genesis(a)));
  t.now += 1000;
  t.tell(event::tick{});
  const auto record = t.one<effect::persist>();
  REQUIRE(record);
  CHECK(record->accepted.size() == 3);
  CHECK(record->own->body.ancestors.size() == 4);
  CHECK(record->own->body.ancestors[0].author == 0);
  CHECK(record->own->body.timestamp_ms == 5000 + t.now);
}

TEST_CASE("core: rounds wait for q authors, the minimum delay, and a while for active authors") {
  table t;
  t.params.idle_ms = t.params.min_round_delay_ms;  // pacing without the idle pause
  t.boot();
  t.tell(event::start{});
  t.persist(*t.one<effect::persist>());
  t.receive(t.make(1, 1, t.genesis(1)));
  t.now += 5000;
  t.tell(event::tick{});
  CHECK_FALSE(t.one<effect::persist>());  // two authors are no quorum, however long it takes
  t.receive(t.make(2, 1, t.genesis(2)));
  CHECK_FALSE(t.one<effect::persist>());
  REQUIRE(t.one<effect::wake_at>());
  CHECK(t.one<effect::wake_at>()->monotonic_ms == t.now + t.params.wait_all_ms);
  t.now += t.params.wait_all_ms - 1;
  t.tell(event::tick{});
  CHECK_FALSE(t.one<effect::persist>());
  t.now += 1;
  t.tell(event::tick{});
  const auto record = t.one<effect::persist>();
  REQUIRE(record);
  CHECK(record->own->ref.round == 2);
  CHECK(record->own->body.ancestors.size() == 3);
}

TEST_CASE(
  "core: an idle engine pauses, and a transaction, here or in a peer's vertex, ends the pause") {
  for (const bool own : {true, false}) {
    table t;
    t.tell(event::start{});
    t.persist(*t.one<effect::persist>());
    for (author_index a = 1; a < 4; ++a)
      t.receive(t.make(a, 1, t.genesis(a),
                       a == 3 && !own ? std::vector<bytes>{{1}} : std::vector<bytes>{}));
    t.now += t.params.min_round_delay_ms;
    t.tell(event::tick{});
    CHECK(t.one<effect::persist>().has_value() == !own);
    if (!own)
      continue;
    t.tell(event::transactions_waiting{});
    REQUIRE(t.one<effect::want_payload>());
    t.tell(event::tick{});
    CHECK_FALSE(t.one<effect::want_payload>());  // one question at a time
    t.tell(event::payload{{{1, 2, 3}}, false});
    REQUIRE(t.one<effect::persist>());
    CHECK(t.one<effect::persist>()->own->body.transactions == std::vector<bytes>{{1, 2, 3}});
  }
}

TEST_CASE("core: more payload than a vertex may hold goes back to the mempool") {
  table t;
  t.params.transactions_max = 2;
  t.boot();
  t.tell(event::transactions_waiting{});
  t.tell(event::start{});
  REQUIRE(t.one<effect::want_payload>());
  t.tell(event::payload{{{1}, {2}, {3}}, false});
  CHECK(t.one<effect::requeue>()->transactions == std::vector<bytes>{{3}});
  CHECK(t.one<effect::persist>()->own->body.transactions.size() == 2);
}

TEST_CASE("core: votes and beacon shares ride the next vertex, urgent ones end the idle pause") {
  for (const bool urgent : {true, false}) {
    table t;
    t.play(6);
    t.now += t.params.min_round_delay_ms + t.params.wait_all_ms;
    t.tell(event::commit_executed{1, finality_vote{1, {}, {}, {}}, {{7, {1}}}, urgent});
    CHECK(t.one<effect::persist>().has_value() == urgent);
    t.now += t.params.idle_ms;
    if (!urgent)
      t.tell(event::tick{});
    const auto record = t.one<effect::persist>();
    REQUIRE(record);
    CHECK(record->own->body.finality_votes.size() == 1);
    CHECK(record->own->body.beacon_shares == std::vector<beacon_share>{{7, {1}}});
  }
}

TEST_CASE("core: a slow executor stops payload, never the rounds") {
  table t;
  t.params.backlog_max = 2;
  t.boot();
  t.play(8);  // w = 4: five slots decided, nothing executed
  REQUIRE(t.engine->status().commits > 3);
  t.tell(event::transactions_waiting{});
  t.now += 1000;
  t.tell(event::tick{});
  CHECK_FALSE(t.one<effect::want_payload>());
  REQUIRE(t.one<effect::persist>());
  CHECK(t.one<effect::persist>()->own->body.transactions.empty());
}

TEST_CASE("core: a restart replays the commits and sends the last own vertex again, verbatim") {
  table t;
  std::vector<vertex_ptr> stored;
  std::vector<commit> blocks;
  const auto keep = [&] {
    for (const auto& record : t.all<effect::persist>()) {
      stored.insert(stored.end(), record.accepted.begin(), record.accepted.end());
      stored.push_back(record.own);
    }
    for (const auto& o : t.all<effect::output>())
      blocks.push_back(o.block);
  };
  t.tell(event::start{});
  keep();
  auto below = genesis_refs(t.members);
  for (round_number round = 1; round <= 9; ++round) {
    t.now += 1000;
    t.tell(event::tick{});
    keep();
    const auto own = stored.back();
    t.tell(event::persisted{round});
    keep();
    std::vector<vertex_ref> here{own->ref};
    for (author_index a = 1; a < 4; ++a) {
      auto links = below;
      std::swap(links[0], links[a]);
      const auto v = t.make(a, round, links);
      here.push_back(v->ref);
      t.receive(v);
      keep();
    }
    below = here;
  }
  REQUIRE(blocks.size() >= 4);
  const auto again = [&](const event::start& e) {
    t.boot();
    t.tell(e);
    std::vector<commit> result;
    for (const auto& o : t.all<effect::output>())
      result.push_back(o.block);
    REQUIRE(t.one<effect::broadcast>());
    CHECK(t.one<effect::broadcast>()->own == stored.back());
    CHECK(t.engine->status().own_round == stored.back()->ref.round);
    return result;
  };
  auto replayed = again({stored, {}});
  REQUIRE(replayed.size() + 1 >= blocks.size());  // the last decision may rest on lazy writes
  for (std::size_t i = 0; i < replayed.size(); ++i)
    CHECK(replayed[i] == blocks[i]);
  const std::vector<commit> log{blocks.begin(), blocks.begin() + 2};
  replayed = again({stored, log});
  REQUIRE(!replayed.empty());
  CHECK(replayed[0] == blocks[2]);
}

TEST_CASE("core: seeing an own vertex it does not hold, an engine stops proposing and says so") {
  table t;
  t.tell(event::start{});
  t.persist(*t.one<effect::persist>());
  t.tell(event::vertices_verified{1, {t.make(0, 1, t.genesis(0), {{9}})}});
  REQUIRE(t.one<effect::alarm>());
  CHECK(t.one<effect::alarm>()->kind == alarm_kind::own_equivocation);
  CHECK_FALSE(t.engine->status().proposing);
  for (author_index a = 1; a < 4; ++a)
    t.receive(t.make(a, 1, t.genesis(a)));
  t.now += 5000;
  t.tell(event::tick{});
  CHECK_FALSE(t.one<effect::persist>());
}

TEST_CASE("core: an observer whose store was lost follows but does not propose") {
  table t;
  t.tell(event::start{.may_propose = false});
  CHECK_FALSE(t.one<effect::persist>());
  // What it sent before it lost its memory comes back from others.
  t.tell(event::vertices_verified{1, {t.make(0, 1, t.genesis(0))}});
  CHECK(t.engine->status().accepted == 1);
  CHECK(t.all<effect::alarm>().empty());
}

TEST_CASE("core: two vertices of one author and round are evidence, once per author") {
  table t;
  t.tell(event::start{});
  const auto a = t.make(1, 1, t.genesis(1)), b = t.make(1, 1, t.genesis(1), {{1}});
  t.receive(a);
  CHECK(t.all<effect::evidence>().empty());
  t.receive(a);
  CHECK(t.all<effect::evidence>().empty());
  t.receive(b);
  REQUIRE(t.one<effect::evidence>());
  CHECK(t.one<effect::evidence>()->first == a);
  CHECK(t.one<effect::evidence>()->second == b);
  CHECK(t.engine->status().accepted == 1);  // nobody else refers to the twin: it stays outside
  t.receive(t.make(1, 1, t.genesis(1), {{2}}));
  CHECK(t.all<effect::evidence>().empty());
}

namespace {

/// The rounds of those `of` them that the engine still gives when peer 1 asks.
std::vector<round_number> rounds_served(table& t, const std::vector<vertex_ref>& of) {
  std::vector<round_number> result;
  for (const auto& ref : of) {
    t.tell(event::fetch_query{1, 5, {ref}});
    const auto answer = t.one<effect::send_vertices>();
    REQUIRE(answer);
    for (const auto& v : answer->vertices)
      result.push_back(v->ref.round);
  }
  return result;
}

}  // namespace

TEST_CASE("core: what fell below the floor is served for one window more, after a restart too") {
  table t;
  t.params.gc_depth = 5;
  t.boot();
  std::vector<vertex_ptr> stored;
  std::vector<vertex_ref> foreign, own;
  std::vector<commit> log;
  const auto note = [&] {
    for (const auto& e : t.all<effect::persist>()) {
      stored.insert(stored.end(), e.accepted.begin(), e.accepted.end());
      stored.push_back(e.own);
      own.push_back(e.own->ref);
    }
    for (const auto& e : t.all<effect::output>())
      log.push_back(e.block);
  };
  t.play(30, note);
  for (const auto& v : stored)
    if (v->ref.author == 2)
      foreign.push_back(v->ref);
  const auto check_window = [&] {
    const auto floor = t.engine->status().gc_floor;
    REQUIRE(floor > 10);
    const auto served = rounds_served(t, foreign);
    REQUIRE_FALSE(served.empty());
    CHECK(served.front() == floor - 5 + 1);
    CHECK(served.back() == foreign.back().round);
    CHECK(served.size() == foreign.back().round - (floor - 5));
    t.tell(event::since_query{1, 6, 1});
    const auto answer = t.one<effect::send_vertices>();
    REQUIRE(answer);
    CHECK(answer->vertices.front()->ref.round == floor - 5 + 1);
  };
  check_window();
  t.boot();
  t.tell(event::start{stored, log, true});
  check_window();
}

TEST_CASE("core: a query is answered with exactly what is held, own vertices by round") {
  table t;
  const auto tip = t.play(5);
  t.tell(event::fetch_query{2, 77, {tip[3], {5, 3, {}}, {5, 9, {}}, tip[1]}});
  const auto answer = t.one<effect::send_vertices>();
  REQUIRE(answer);
  CHECK(answer->to == 2);
  CHECK(answer->request == 77);
  REQUIRE(answer->vertices.size() == 2);
  CHECK(answer->vertices[0]->ref == tip[3]);
  t.tell(event::since_query{1, 78, 3});
  REQUIRE(t.one<effect::send_vertices>());
  CHECK(t.one<effect::send_vertices>()->vertices.size() == 3);
  CHECK(t.one<effect::send_vertices>()->vertices[0]->ref.round == 3);
}
