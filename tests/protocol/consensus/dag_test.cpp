#include "protocol/consensus/dag.hpp"

using namespace datagen::protocol;
using namespace datagen::protocol::consensus;

namespace {

/// support(b, a, r) as 2.6 defines it: depth first over ancestors in stored order, an ancestor
/// itself before its history, never below r.
const node* support_by_definition(const dag& d, const node& b, author_index a, round_number r) {
  for (const auto& ancestor : b.v->body.ancestors) {
    if (ancestor.round < r || ancestor.round == 0)
      continue;
    const auto* p = d.find(ancestor);
    if (ancestor.round == r && ancestor.author == a)
      return p;
    if (const auto* found = support_by_definition(d, *p, a, r))
      return found;
  }
  return nullptr;
}

vertex_ptr make_vertex(round_number round, author_index author, std::vector<vertex_ref> ancestors,
                       std::uint64_t salt = 0) {
  vertex v;
  v.round = round;
  v.author = author;
  v.ancestors = std::move(ancestors);
  v.timestamp_ms = salt;
  return seal({std::move(v), {}});
}

/// A random DAG: twins, weak links, shuffled ancestors, authors that pause.
dag random_dag(std::mt19937_64& random, std::size_t n, std::uint32_t w, round_number rounds) {
  engine_params params;
  params.wave = w;
  params.leaders = 1;
  dag result{n, params};
  std::vector<vertex_ref> genesis(n);
  for (std::size_t a = 0; a < n; ++a)
    genesis[a].author = static_cast<author_index>(a);
  const auto pick = [&](round_number round, author_index author) -> std::optional<vertex_ref> {
    std::vector<vertex_ref> twins;
    for (const auto& x : result.row(round).nodes)
      if (x->author() == author)
        twins.push_back(x->v->ref);
    if (round == 0)
      return genesis[author];
    return twins.empty() ? std::nullopt : std::optional{twins[random() % twins.size()]};
  };
  for (round_number round = 1; round <= rounds; ++round)
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t twin = 0; twin < (a == 0 ? 2u : 1u); ++twin) {
        std::vector<vertex_ref> others;
        vertex_ref own;
        for (std::size_t b = 0; b < n; ++b) {
          auto from = round - 1;  // a random fifth of the links is weak
          while (from > 0 && (random() % 5 == 0 || !pick(from, static_cast<author_index>(b))))
            --from;
          const auto ref = *pick(from, static_cast<author_index>(b));
          if (b == a)
            own = ref;
          else
            others.push_back(ref);
        }
        std::shuffle(others.begin(), others.end(), random);
        others.insert(others.begin(), own);
        result.accept(make_vertex(round, static_cast<author_index>(a), others, twin));
      }
  return result;
}

}  // namespace

TEST_CASE("dag: the support table equals the recursive definition on random DAGs") {
  std::mt19937_64 random{2026};
  std::size_t queries = 0, twins = 0;
  for (int run = 0; run < 50; ++run) {
    const std::uint32_t w = 3 + run % 4;
    const auto d = random_dag(random, 4 + run % 3, w, 8);
    for (round_number round = 1; round <= 8; ++round)
      for (const auto& b : d.row(round).nodes)
        for (round_number r = round > w - 2 ? round - (w - 2) : 1; r < round; ++r)
          for (author_index a = 0; a < d.authors(); ++a, ++queries) {
            const auto* expected = support_by_definition(d, *b, a, r);
            twins += expected && expected != d.first(r, a);
            REQUIRE(d.support(*b, a, r) == expected);
          }
  }
  CHECK(queries > 20'000);
  CHECK(twins > 1'000);
}

TEST_CASE("dag: what falls below the floor is handed back and counts as settled") {
  std::mt19937_64 random{7};
  auto d = random_dag(random, 4, 4, 10);
  const auto gone_ref = d.row(3).nodes[0]->v->ref;
  CHECK(d.size() == 50);
  CHECK(d.collect(3).size() == 15);
  CHECK(d.size() == 35);
  CHECK(d.floor() == 3);
  CHECK(d.row(3).nodes.empty());
  CHECK(d.row(4).nodes.size() == 5);
  CHECK_FALSE(d.find(gone_ref));
  CHECK(d.is_settled(gone_ref));
  CHECK(d.coin_known(7));
  CHECK_FALSE(d.coin_known(8));
  CHECK(d.collect(20).size() == 35);
  CHECK(d.row(21).nodes.empty());
}
