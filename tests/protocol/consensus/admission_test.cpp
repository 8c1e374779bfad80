#include "protocol/consensus/admission.hpp"

using namespace datagen::protocol;
using namespace datagen::protocol::consensus;

namespace {

struct gate {
  engine_params params;
  dag graph{4, limits()};
  admission door{graph};
  std::vector<vertex_ptr> row0;

  static engine_params limits() {
    engine_params result;
    result.leaders = 1;
    result.gc_depth = 3;
    result.rounds_ahead_max = 10;
    return result;
  }
  static vertex_ptr make(author_index author, round_number round, std::vector<vertex_ref> links,
                         std::uint64_t salt = 0) {
    vertex v;
    v.round = round;
    v.author = author;
    v.ancestors = std::move(links);
    v.timestamp_ms = salt;
    return seal({std::move(v), {}});
  }
  static vertex_ref origin(author_index a) { return {0, a, {}}; }
};

}  // namespace

TEST_CASE("admission: a vertex waits for its ancestors and brings its waiters in with it") {
  gate g;
  const auto a1 = g.make(0, 1, {g.origin(0)});
  const auto a2 = g.make(0, 2, {a1->ref}), b3 = g.make(1, 3, {g.origin(1), a2->ref});
  CHECK(g.door.offer(b3, 1) == admission_outcome::suspended);
  CHECK(g.door.offer(b3, 1) == admission_outcome::known);
  auto wanted = g.door.take_wanted();
  REQUIRE(wanted.size() == 1);
  CHECK((wanted[0].ref == a2->ref && wanted[0].holder == 1));
  CHECK(g.door.offer(a2, 2) == admission_outcome::suspended);
  wanted = g.door.take_wanted();
  REQUIRE(wanted.size() == 2);  // who sent b3 has what b3 stands on, a1 included
  CHECK((wanted[0].ref == a1->ref && wanted[0].holder == 2));
  CHECK((wanted[1].ref == a1->ref && wanted[1].holder == 1));
  CHECK(g.door.offer(a1, 0) == admission_outcome::accepted);
  const auto in = g.door.take_accepted();
  REQUIRE(in.size() == 3);
  CHECK(in[0]->v == a1);
  CHECK(in[1]->v == a2);
  CHECK(in[2]->v == b3);
  CHECK(g.door.waiting() == 0);
}

TEST_CASE("admission: a twin comes in only when another author's vertex needs it") {
  gate g;
  const auto a1 = g.make(0, 1, {g.origin(0)}), twin = g.make(0, 1, {g.origin(0)}, 1);
  CHECK(g.door.offer(a1, 0) == admission_outcome::accepted);
  CHECK(g.door.offer(twin, 0) == admission_outcome::twin_refused);
  // The author's own next vertex on top of the twin is not enough ...
  const auto a2 = g.make(0, 2, {twin->ref});
  CHECK(g.door.offer(a2, 0) == admission_outcome::suspended);
  CHECK(g.door.take_wanted().empty());
  CHECK(g.door.offer(twin, 0) == admission_outcome::twin_refused);
  // ... until somebody else refers to that one: then the whole branch is worth having.
  CHECK(g.door.offer(g.make(1, 3, {g.origin(1), a2->ref}), 1) == admission_outcome::suspended);
  const auto wanted = g.door.take_wanted();
  REQUIRE(wanted.size() == 1);
  CHECK(wanted[0].ref == twin->ref);
  CHECK(g.door.offer(twin, 2) == admission_outcome::accepted);
  CHECK(g.door.take_accepted().size() == 4);
}

TEST_CASE("admission: far rounds, old rounds and a flood of orphans stay outside") {
  gate g;
  const auto far = g.make(0, 11, {{10, 0, hash("x", 1)}});
  CHECK(g.door.offer(far, 0) == admission_outcome::too_far);
  CHECK(g.door.offer(g.make(0, 10, {{9, 0, hash("x", 2)}}), 0) == admission_outcome::suspended);
  for (round_number round = 2; round <= 6; ++round)
    CHECK(g.door.offer(g.make(0, round, {{round - 1, 0, hash("x", round)}}), 0) ==
          admission_outcome::suspended);
  // 2 * gc_depth = 6 wait already.
  CHECK(g.door.offer(g.make(0, 8, {{1, 0, hash("x", 8)}}), 0) == admission_outcome::author_full);
  CHECK(g.door.offer(g.make(1, 8, {{1, 1, hash("x", 9)}}), 1) == admission_outcome::suspended);
  g.graph.collect(4);
  g.door.release();
  CHECK(g.door.offer(g.make(2, 4, {{3, 2, hash("x", 1)}}), 2) == admission_outcome::too_old);
}

TEST_CASE("admission: what waits for something below the floor comes in when the floor rises") {
  gate g;
  const auto old = g.make(0, 2, {{1, 0, hash("lost", 1)}});
  const auto a5 = g.make(0, 5, {old->ref}), b6 = g.make(1, 6, {{3, 1, hash("lost", 2)}, a5->ref});
  CHECK(g.door.offer(old, 0) == admission_outcome::suspended);
  CHECK(g.door.offer(a5, 0) == admission_outcome::suspended);
  CHECK(g.door.offer(b6, 1) == admission_outcome::suspended);
  g.graph.collect(2);
  g.door.release();
  CHECK(g.door.take_accepted().size() == 1);  // a5: its ancestor no longer matters
  g.graph.collect(3);
  g.door.release();
  CHECK(g.door.take_accepted().size() == 1);
  CHECK(g.door.waiting() == 0);
}

TEST_CASE("admission: everyone who stands on a missing vertex is named as having it, once each") {
  gate g;
  const auto lost = g.make(3, 1, {g.origin(3)});
  const auto c2 = g.make(2, 2, {g.origin(2), lost->ref});
  const auto names = [&] {
    std::vector<std::pair<vertex_ref, author_index>> result;
    for (const auto& w : g.door.take_wanted())
      result.emplace_back(w.ref, w.holder);
    return result;
  };
  using named = std::vector<std::pair<vertex_ref, author_index>>;
  g.door.offer(g.make(0, 2, {g.origin(0), lost->ref}), 0);
  CHECK(names() == named{{lost->ref, 0}});
  g.door.offer(g.make(0, 3, {g.origin(0), lost->ref}), 0);
  CHECK(names().empty());
  // Author 1 stands on c2, and through it on the lost one, before c2 is here.
  g.door.offer(g.make(1, 3, {g.origin(1), c2->ref}), 1);
  CHECK(names() == named{{c2->ref, 1}});
  g.door.offer(c2, 2);
  CHECK(names() == named{{lost->ref, 2}, {lost->ref, 1}});
}
