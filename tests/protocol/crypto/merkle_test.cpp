#include "protocol/crypto/merkle.hpp"

#include "protocol/crypto/hash.hpp"

using namespace datagen::protocol;

namespace {
std::vector<digest> leaves_of(std::size_t count) {
  std::vector<digest> result;
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(merkle_leaf(encode(static_cast<std::uint64_t>(i))));
  return result;
}
}  // namespace

TEST_CASE("merkle: roots equal the known answers of Certificate Transparency's reference tests") {
  // The eight inputs of the RFC 6962 reference implementation's merkle_tree_test.
  const std::vector<std::string> inputs = {"", "00", "10", "2021", "3031", "40414243",
                                           "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  std::vector<digest> leaves;
  for (const auto& input : inputs)
    leaves.push_back(merkle_leaf(*from_hex(input)));
  CHECK(to_hex(merkle_root({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(merkle_root(std::span{leaves}.first(1))) ==
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  CHECK(to_hex(merkle_root(std::span{leaves}.first(3))) ==
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
  CHECK(to_hex(merkle_root(leaves)) ==
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST_CASE("merkle: every leaf of every tree up to 40 leaves proves its place, and no other") {
  for (std::size_t size = 1; size <= 40; ++size) {
    const auto leaves = leaves_of(size);
    const auto root = merkle_root(leaves);
    for (std::size_t i = 0; i < size; ++i) {
      auto path = merkle_path(leaves, i);
      CHECK(merkle_verify(root, leaves[i], i, size, path));
      if (size > 1)
        CHECK_FALSE(merkle_verify(root, leaves[i], (i + 1) % size, size, path));
      CHECK_FALSE(merkle_verify(root, merkle_leaf({}), i, size, path));
      path.push_back(root);
      CHECK_FALSE(merkle_verify(root, leaves[i], i, size, path));
    }
  }
}

TEST_CASE("merkle: a leaf is no root of a tree of two") {
  const auto leaf = leaves_of(1).front();
  CHECK(merkle_verify(leaf, leaf, 0, 1, {}));
  CHECK_FALSE(merkle_verify(leaf, leaf, 0, 2, {}));
}

TEST_CASE("merkle: a tree kept at hand has the root and the paths that are computed afresh") {
  for (std::size_t size = 1; size <= 40; ++size) {
    const auto leaves = leaves_of(size);
    const merkle_tree tree{leaves};
    CHECK(tree.root() == merkle_root(leaves));
    for (std::size_t i = 0; i < size; ++i)
      CHECK(tree.path(i) == merkle_path(leaves, i));
  }
}
