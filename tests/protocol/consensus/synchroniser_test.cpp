#include "protocol/consensus/synchroniser.hpp"

using namespace datagen::protocol;
using namespace datagen::protocol::consensus;

namespace {

struct desk {
  engine_params params = fast_params(4);
  dag graph{7, params};
  admission door{graph};
  synchroniser sync{params, 7, 0};

  /// Lets `count` orphans of author `from` in; their ancestors become wanted.
  std::vector<vertex_ref> orphans(author_index from, std::size_t count, std::uint64_t now) {
    for (std::size_t i = 0; i < count; ++i) {
      vertex v;
      v.round = 5;
      v.author = from;
      v.timestamp_ms = i;
      v.ancestors = {{4, static_cast<author_index>(from + 1 < 7 ? from + 1 : 1), hash("lost", i)}};
      v.round = 5 + static_cast<round_number>(i);
      door.offer(seal({std::move(v), {}}), from);
    }
    std::vector<vertex_ref> result;
    for (const auto& w : door.take_wanted()) {
      sync.want(w, now);
      result.push_back(w.ref);
    }
    return result;
  }
  std::vector<effect::fetch> poll(std::uint64_t now) {
    std::vector<effect::fetch> result;
    for (const auto& e : sync.poll(door, now))
      if (const auto* f = std::get_if<effect::fetch>(&e))
        result.push_back(*f);
    return result;
  }
};

}  // namespace

TEST_CASE("synchroniser: first the sender is asked, after a while two others, never ourselves") {
  desk d;
  const auto refs = d.orphans(2, 1, 1000);
  auto asked = d.poll(1000);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].peer == 2);
  CHECK(asked[0].refs == refs);
  CHECK(d.poll(1000).empty());
  CHECK(d.sync.due_ms() == 1200);
  CHECK(d.poll(1199).empty());
  asked = d.poll(1200);
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].peer != asked[1].peer);
  CHECK((asked[0].peer != 0 && asked[1].peer != 0));
  CHECK(d.poll(2000).empty());
}

TEST_CASE("synchroniser: an empty answer of the sender sends the question on at once") {
  desk d;
  d.orphans(2, 1, 1000);
  const auto asked = d.poll(1000);
  d.sync.replied(2, asked[0].request, {}, 1010);
  CHECK(d.poll(1010).size() == 2);
}

TEST_CASE("synchroniser: batches and requests per peer are bounded, lowest rounds first") {
  desk d;
  d.params.fetch_batch_max = 3;
  d.sync = synchroniser{d.params, 7, 0};
  auto refs = d.orphans(2, 5, 1000);
  const auto asked = d.poll(1000);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].refs.size() == 3);
  CHECK(std::is_sorted(asked[0].refs.begin(), asked[0].refs.end()));
  CHECK(d.sync.missing() == 5);
  for (std::uint64_t now = 1200; now < 60'000; now += 100) {
    std::map<author_index, std::size_t> open;
    for (const auto& f : d.poll(now))
      CHECK(++open[f.peer] <= d.params.fetches_per_peer_max);
  }
}

TEST_CASE("synchroniser: a peer with as many open requests as allowed is asked nothing more") {
  desk d;
  std::size_t asked_it = 0, asked_others = 0;
  for (std::uint64_t i = 0; i < 2 * d.params.fetches_per_peer_max; ++i) {
    vertex v;
    v.author = 2;
    v.round = 5 + static_cast<round_number>(i);
    v.ancestors = {{4, 3, hash("lost", i)}};
    d.door.offer(seal({std::move(v), {}}), 2);
    for (const auto& w : d.door.take_wanted())
      d.sync.want(w, 1000 + i);
    for (const auto& f : d.poll(1000 + i))
      ++(f.peer == 2 ? asked_it : asked_others);
  }
  CHECK(asked_it == d.params.fetches_per_peer_max);
  CHECK(asked_others >= d.params.fetches_per_peer_max);
}

TEST_CASE("synchroniser: what arrived or grew too old is forgotten, who is down not asked") {
  desk d;
  d.sync.set_up(2, false);
  d.orphans(2, 1, 1000);
  for (const auto& f : d.poll(1000))
    CHECK(f.peer != 2);
  d.graph.collect(10);
  d.door.release();
  CHECK(d.poll(5000).empty());
  CHECK(d.sync.missing() == 0);
}

TEST_CASE("synchroniser: one question by round at a time, continued while answers are full") {
  desk d;
  d.params.fetch_batch_max = 2;
  d.sync = synchroniser{d.params, 7, 0};
  d.sync.want_since(3, 5, 1000);
  d.sync.want_since(3, 5, 1000);
  d.sync.want_since(0, 5, 1000);
  auto effects = d.sync.poll(d.door, 1000);
  REQUIRE(effects.size() == 1);
  const auto first = std::get<effect::fetch_since>(effects[0]);
  CHECK((first.peer == 3 && first.round == 5));
  std::vector<vertex_ptr> answer;
  for (round_number round : {5u, 6u}) {
    vertex v;
    v.round = round;
    v.author = 3;
    answer.push_back(seal({v, {}}));
  }
  d.sync.replied(3, first.request, answer, 1010);
  effects = d.sync.poll(d.door, 1010);
  REQUIRE(effects.size() == 1);
  CHECK(std::get<effect::fetch_since>(effects[0]).round == 7);
  d.sync.poll(d.door, 1010 + d.params.fetch_timeout_ms);  // unanswered: free to ask again
  d.sync.want_since(3, 7, 4000);
  CHECK(d.sync.poll(d.door, 4000).size() == 1);
}

TEST_CASE("synchroniser: a second peer that stands on a missing vertex is asked at once") {
  desk d;
  const auto ref = d.orphans(2, 1, 1000)[0];
  REQUIRE(d.poll(1000).size() == 1);  // peer 2, which need not tell the truth
  d.sync.want({ref, 4}, 1010);
  auto asked = d.poll(1010);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].peer == 4);
  d.sync.want({ref, 4}, 1011);
  d.sync.want({ref, 6}, 1012);
  CHECK(d.poll(1012).empty());  // two questions at a time
  asked = d.poll(1210);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].peer == 6);
}

TEST_CASE("synchroniser 2.14: a peer that names a thousand missing vertices starves nobody else") {
  desk d;
  d.params.fetch_batch_max = 10;
  d.sync = synchroniser{d.params, 7, 0};
  d.sync.set_up(2, false);  // neither holder can be asked first, so all go to the same others
  d.sync.set_up(3, false);
  d.sync.set_up(4, false);
  d.sync.set_up(6, false);
  d.orphans(2, 60, 1000);
  const auto honest = d.orphans(3, 1, 1000);
  std::set<vertex_ref> asked;
  for (const auto& f : d.poll(1000))
    asked.insert(f.refs.begin(), f.refs.end());
  CHECK(asked.contains(honest[0]));
}
