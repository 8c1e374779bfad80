#include "protocol/crypto/merkle.hpp"

#include "protocol/crypto/hash.hpp"

#include <bit>

namespace datagen::protocol {

namespace {

/// The largest power of two below `size`: where RFC 6962 splits. @pre size >= 2
std::size_t split(std::size_t size) { return std::bit_floor(size - 1); }

digest root_of(std::span<const digest> leaves) {
  if (leaves.size() == 1)
    return leaves[0];
  const auto k = split(leaves.size());
  return merkle_node(root_of(leaves.first(k)), root_of(leaves.subspan(k)));
}

std::vector<digest> path_of(std::span<const digest> leaves, std::size_t index) {
  invariant(index < leaves.size(), "merkle path index outside the tree");
  if (leaves.size() == 1)
    return {};
  const auto k = split(leaves.size());
  const bool left = index < k;
  auto result = left ? path_of(leaves.first(k), index) : path_of(leaves.subspan(k), index - k);
  result.push_back(root_of(left ? leaves.subspan(k) : leaves.first(k)));
  return result;
}

/// Recomputes the root (RFC 9162 section 2.1.3.2). @returns nothing for a path of wrong length.
std::optional<digest> climb(digest node, std::uint64_t index, std::uint64_t size,
                            std::span<const digest> path) {
  if (index >= size)
    return std::nullopt;
  auto last = size - 1;
  for (const auto& sibling : path) {
    if (last == 0)
      return std::nullopt;
    if (index % 2 == 1 || index == last) {
      node = merkle_node(sibling, node);
      while (index % 2 == 0 && index != 0) {
        index /= 2;
        last /= 2;
      }
    } else {
      node = merkle_node(node, sibling);
    }
    index /= 2;
    last /= 2;
  }
  if (last != 0)
    return std::nullopt;
  return node;
}

}  // namespace

digest merkle_leaf(byte_view data) {
  bytes tagged{0x00};
  tagged.insert(tagged.end(), data.begin(), data.end());
  return sha256(tagged);
}

digest merkle_node(const digest& left, const digest& right) {
  std::array<std::uint8_t, 65> tagged;
  tagged[0] = 0x01;
  std::copy_n(left.value.begin(), 32, tagged.begin() + 1);
  std::copy_n(right.value.begin(), 32, tagged.begin() + 33);
  return sha256(tagged);
}

digest merkle_root(std::span<const digest> leaves) {
  return leaves.empty() ? sha256({}) : root_of(leaves);
}

std::vector<digest> merkle_path(std::span<const digest> leaves, std::size_t index) {
  return path_of(leaves, index);
}

merkle_tree::merkle_tree(std::vector<digest> leaves) {
  invariant(!leaves.empty(), "a Merkle tree needs a leaf");
  levels_.push_back(std::move(leaves));
  while (levels_.back().size() > 1) {
    const auto& below = levels_.back();
    std::vector<digest> level;
    level.reserve((below.size() + 1) / 2);
    for (std::size_t i = 0; i + 1 < below.size(); i += 2)
      level.push_back(merkle_node(below[i], below[i + 1]));
    if (below.size() % 2 == 1)
      level.push_back(below.back());  // waits for a sibling further up
    levels_.push_back(std::move(level));
  }
}

std::vector<digest> merkle_tree::path(std::size_t index) const {
  invariant(index < size(), "merkle path index outside the tree");
  std::vector<digest> result;
  for (const auto& level : levels_) {
    if (const auto sibling = index ^ 1; sibling < level.size())
      result.push_back(level[sibling]);
    index /= 2;
  }
  return result;
}

bool merkle_verify(const digest& root, const digest& leaf, std::uint64_t index, std::uint64_t size,
                   std::span<const digest> path) {
  return climb(leaf, index, size, path) == root;
}

}  // namespace datagen::protocol
