#include "protocol/crypto/merkle_trie.hpp"

#include "protocol/crypto/hash.hpp"

#include <map>

using namespace datagen::protocol;

namespace {

digest place_of(std::uint64_t i) { return hash("place", i); }
digest leaf_of(std::uint64_t i) { return merkle_leaf(encode(i)); }

/// The root by its definition, from all leaves at once.
digest defined_root(const std::map<digest, digest>& leaves, std::size_t depth = 0) {
  if (leaves.empty())
    return {};
  if (leaves.size() == 1)
    return leaves.begin()->second;
  std::map<digest, digest> sides[2];
  for (const auto& [place, leaf] : leaves)
    sides[place.value[depth / 8] >> (7 - depth % 8) & 1].emplace(place, leaf);
  return merkle_node(defined_root(sides[0], depth + 1), defined_root(sides[1], depth + 1));
}

}  // namespace

TEST_CASE("merkle trie: whatever came and went, the root is that of the leaves that are there") {
  std::mt19937_64 random(7);
  merkle_trie trie;
  std::map<digest, digest> leaves;
  CHECK(trie.root() == digest{});
  for (int i = 0; i < 3'000; ++i) {
    const auto place = place_of(random() % 60);
    if (random() % 3 == 0) {
      trie.erase(place);
      leaves.erase(place);
    } else {
      const auto leaf = leaf_of(random() % 5);
      trie.set(place, leaf);
      leaves[place] = leaf;
    }
    if (random() % 4 == 0)
      REQUIRE(trie.root() == defined_root(leaves));
  }
  for (const auto& [place, leaf] : std::map{leaves})
    trie.erase(place);
  CHECK(trie.root() == digest{});
}

TEST_CASE("merkle trie: every leaf proves itself at its place, and nothing else does") {
  merkle_trie trie;
  for (std::uint64_t i = 0; i < 100; ++i)
    trie.set(place_of(i), leaf_of(i));
  const auto root = trie.root();
  for (std::uint64_t i = 0; i < 100; ++i) {
    auto path = trie.path(place_of(i)).value();
    CHECK(trie_root(place_of(i), leaf_of(i), path) == root);
    CHECK(trie_root(place_of(i), leaf_of(i + 1), path) != root);
    CHECK(trie_root(place_of(i + 1), leaf_of(i), path) != root);
    path.back().value[31] ^= 1;
    CHECK(trie_root(place_of(i), leaf_of(i), path) != root);
    path.pop_back();
    CHECK(trie_root(place_of(i), leaf_of(i), path) != root);
  }
  CHECK_FALSE(trie.path(place_of(100)));
}

TEST_CASE("merkle trie: places that share all but their last bit still have leaves of their own") {
  auto first = place_of(0), second = first;
  second.value[31] ^= 1;
  merkle_trie trie;
  trie.set(first, leaf_of(1));
  trie.set(second, leaf_of(2));
  CHECK(trie.path(second)->size() == 256);
  CHECK(trie_root(second, leaf_of(2), *trie.path(second)) == trie.root());
  trie.erase(first);
  CHECK(trie.root() == leaf_of(2));
}
