#include "protocol/crypto/sum_tree.hpp"

#include "protocol/crypto/merkle.hpp"

using namespace datagen::protocol;

namespace {

std::vector<sum_node> leaves_of(std::size_t count) {
  std::vector<sum_node> result;
  for (std::uint64_t i = 0; i < count; ++i)
    result.push_back(sum_leaf(encode(i), 10 * i + 1, i + 1));
  return result;
}

}  // namespace

TEST_CASE("sum tree: a root commits to both totals") {
  std::vector<sum_node> leaves;
  for (std::uint8_t i = 0; i < 7; ++i)
    leaves.push_back(sum_leaf(bytes{i}, 10u * i, i));
  const auto root = sum_root(leaves);
  CHECK(root.price == 210);
  CHECK(root.units == 21);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const auto path = sum_path(leaves, i);
    CHECK(sum_verify(root, leaves[i], i, leaves.size(), path));
    auto richer = root;
    richer.price += 1;
    CHECK_FALSE(sum_verify(richer, leaves[i], i, leaves.size(), path));
    CHECK_FALSE(sum_verify(root, sum_leaf(bytes{static_cast<std::uint8_t>(i)}, 999, 1), i,
                           leaves.size(), path));
  }
}

TEST_CASE("sum tree: every run of leaves of every tree up to 20 leaves proves itself, and no other") {
  for (std::size_t size = 1; size <= 20; ++size) {
    const auto leaves = leaves_of(size);
    const auto root = sum_root(leaves);
    for (std::size_t first = 0; first < size; ++first)
      for (std::size_t count = 1; first + count <= size; ++count) {
        const auto run = std::span{leaves}.subspan(first, count);
        auto path = sum_path(leaves, first, count);
        CHECK(sum_verify(root, run, first, size, path));
        if (count < size)
          CHECK_FALSE(sum_verify(root, run, (first + 1) % (size - count + 1), size, path));
        CHECK_FALSE(sum_verify(root, run.first(count - 1), first, size, path));
        path.push_back(root);
        CHECK_FALSE(sum_verify(root, run, first, size, path));
      }
  }
}

TEST_CASE("sum tree: what is added to one neighbour and taken from another changes the root") {
  const auto leaves = leaves_of(4);
  auto path = sum_path(leaves, 0);
  REQUIRE(path.size() == 2);
  REQUIRE(sum_verify(sum_root(leaves), leaves[0], 0, 4, path));
  --path[0].price;
  ++path[1].price;
  CHECK_FALSE(sum_verify(sum_root(leaves), leaves[0], 0, 4, path));
}

TEST_CASE("sum tree: sums that wrap around prove nothing") {
  constexpr auto most = ~std::uint64_t{0};
  const std::vector leaves{sum_leaf(bytes{0}, 1, most), sum_leaf(bytes{1}, 1, 5),
                           sum_leaf(bytes{2}, 1, 1)};
  const auto root = sum_root(leaves);
  CHECK(root.units == 5);
  for (const std::size_t i : {0u, 1u})  // below the node that wraps
    CHECK_FALSE(sum_verify(root, leaves[i], i, 3, sum_path(leaves, i)));
}

TEST_CASE("frontier: a growing tree has the root of all its leaves at every size") {
  const auto leaves = leaves_of(70);
  sum_frontier sums;
  merkle_frontier plain;
  std::vector<digest> digests;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    sums.append(leaves[i]);
    digests.push_back(merkle_leaf(encode(std::uint64_t{i})));
    plain.append(digests.back());
    CHECK(sums.size() == i + 1);
    CHECK(sums.root() == sum_root(std::span{leaves}.first(i + 1)));
    CHECK(plain.root() == merkle_root(digests));
    const auto copy = decode<sum_frontier>(encode(sums));
    REQUIRE(copy);
    CHECK(copy->root() == sums.root());
  }
  auto broken = encode(sums);
  broken[7] ^= 1;  // another size than its roots stand for
  CHECK_FALSE(decode<sum_frontier>(broken));
}
