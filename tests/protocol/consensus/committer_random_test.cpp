// Random DAGs with equivocating authors, seen in part by several observers (consensus.md 4.4).
#include "protocol/consensus/linearizer.hpp"
#include "tests/support/mock_coin.hpp"

using namespace datagen::protocol;
using datagen::test_support::mock_coin;
using namespace datagen::protocol::consensus;

namespace {

struct random_world {
  std::size_t n;
  engine_params params;
  std::vector<std::vector<vertex_ptr>> rounds;  ///< rounds[r] for r >= 1
  std::map<vertex_ref, vertex_ptr> all;
};

/// n authors, of which the first f sign up to three vertices per round; parents are random quorums,
/// of random twins, with some weak links, in random order.
random_world make_world(std::mt19937_64& random, std::size_t n, std::uint32_t w) {
  random_world world{n, {}, {{}}, {}};
  world.params.wave = w;
  world.params.leaders = n == 4 ? 1 : 2;
  world.params.gc_depth = 1000;
  const auto f = (n - 1) / 3;
  for (round_number round = 1; round <= 14; ++round) {
    auto& row = world.rounds.emplace_back();
    const auto pick = [&](round_number at, author_index a) -> std::optional<vertex_ref> {
      if (at == 0)
        return vertex_ref{0, a, {}};
      std::vector<vertex_ref> found;
      for (const auto& v : world.rounds[at])
        if (v->ref.author == a)
          found.push_back(v->ref);
      return found.empty() ? std::nullopt : std::optional{found[random() % found.size()]};
    };
    for (author_index a = 0; a < n; ++a)
      for (std::size_t twin = 0, twins = a < f ? random() % 4 : 1; twin < twins; ++twin) {
        std::vector<author_index> order;
        for (author_index b = 0; b < n; ++b)
          if (b != a)
            order.push_back(b);
        std::shuffle(order.begin(), order.end(), random);
        vertex v;
        v.round = round;
        v.author = a;
        v.timestamp_ms = twin;
        auto own = pick(round - 1, a);
        for (auto at = round - 1; !own; --at)
          own = pick(at - 1, a);
        v.ancestors.push_back(*own);
        std::size_t parents = own->round + 1 == round;
        for (const auto b : order) {
          if (const auto ref = pick(round - 1, b); ref && parents < n - f) {
            v.ancestors.push_back(*ref);
            ++parents;
          } else if (round >= 2 && random() % 2) {
            if (const auto weak = pick(round - 2, b))
              v.ancestors.push_back(*weak);
          }
        }
        if (parents < n - f)
          continue;
        row.push_back(seal({std::move(v), {}}));
        world.all.emplace(row.back()->ref, row.back());
      }
  }
  return world;
}

/// One observer: everything below a random set of tips, in a random order that respects ancestry.
std::vector<vertex_ptr> make_view(std::mt19937_64& random, const random_world& world) {
  std::set<vertex_ref> chosen;
  std::vector<vertex_ref> open;
  const auto last = world.rounds.size() - 1 - random() % 6;
  for (auto round = last; round + 2 > last && round > 0; --round)
    for (const auto& v : world.rounds[round])
      if (random() % 3)
        open.push_back(v->ref);
  while (!open.empty()) {
    const auto ref = open.back();
    open.pop_back();
    if (ref.round == 0 || !chosen.insert(ref).second)
      continue;
    const auto& links = world.all.at(ref)->body.ancestors;
    open.insert(open.end(), links.begin(), links.end());
  }
  std::vector<vertex_ptr> pool, result;
  for (const auto& ref : chosen)
    pool.push_back(world.all.at(ref));
  std::set<vertex_ref> placed;
  while (!pool.empty()) {
    const auto k = random() % std::min<std::size_t>(pool.size(), 2 * world.n);
    const auto& links = pool[k]->body.ancestors;
    if (!std::all_of(links.begin(), links.end(),
                     [&](const vertex_ref& ref) { return ref.round == 0 || placed.contains(ref); }))
      continue;
    placed.insert(pool[k]->ref);
    result.push_back(pool[k]);
    pool.erase(pool.begin() + static_cast<std::ptrdiff_t>(k));
  }
  return result;
}

struct verdicts {
  std::vector<std::pair<bool, vertex_ref>> slots;  ///< Committed?, which.
  std::vector<commit> blocks;
  bool conflict = false;
};

/// Feeds a view vertex by vertex, or all at once, into a fresh dag.
verdicts decide(const random_world& world, const std::vector<vertex_ptr>& view, bool stepwise) {
  dag d{world.n, world.params};
  committer rule;
  linearizer order{1, {}, 0};
  const coin_elector coin{std::make_shared<mock_coin>(), world.n,
                          world.params.leaders};
  verdicts result;
  const auto advance = [&] {
    for (const auto& s : rule.advance(d, coin)) {
      result.slots.emplace_back(s.leader, s.leader ? s.leader->v->ref : vertex_ref{});
      if (s.leader)
        result.blocks.push_back(order.take(d, s).block);
    }
  };
  for (const auto& v : view) {
    d.accept(v);
    if (stepwise)
      advance();
  }
  advance();
  result.conflict = rule.conflict();
  return result;
}

}  // namespace

TEST_CASE("committer S1, S7: partial views of equivocating worlds never disagree on a prefix") {
  std::size_t decided = 0, skipped = 0;
  for (std::uint64_t seed = 1; seed <= 260; ++seed) {
    std::mt19937_64 random{seed};
    INFO("seed " << seed);
    const auto world = make_world(random, seed % 3 ? 4 : 7, 3 + seed % 3);
    std::vector<verdicts> seen;
    for (int observer = 0; observer < 4; ++observer) {
      auto view = make_view(random, world);
      seen.push_back(decide(world, view, true));
      std::stable_sort(view.begin(), view.end(), [](const vertex_ptr& a, const vertex_ptr& b) {
        return a->ref.round < b->ref.round;
      });
      const auto at_once = decide(world, view, false);
      REQUIRE(seen.back().slots == at_once.slots);  // order of arrival does not matter
      REQUIRE(seen.back().blocks == at_once.blocks);
      REQUIRE_FALSE(seen.back().conflict);
    }
    const auto& longest = *std::max_element(
      seen.begin(), seen.end(),
      [](const verdicts& a, const verdicts& b) { return a.slots.size() < b.slots.size(); });
    for (const auto& one : seen) {
      REQUIRE(std::equal(one.slots.begin(), one.slots.end(), longest.slots.begin()));
      REQUIRE(std::equal(one.blocks.begin(), one.blocks.end(), longest.blocks.begin()));
    }
    decided += longest.slots.size();
    for (const auto& [committed, leader] : longest.slots)
      skipped += !committed;
  }
  CHECK(decided > 1000);
  CHECK(skipped > 50);
}
