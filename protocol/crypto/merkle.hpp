#pragma once
// Merkle trees of RFC 6962 shape: leaf = SHA-256(0x00 || data), node = SHA-256(0x01 || left || right),
// an incomplete tree splits at the largest power of two below its size.

#include "protocol/crypto/frontier.hpp"

namespace datagen::protocol {

digest merkle_leaf(byte_view data);
digest merkle_node(const digest& left, const digest& right);
using merkle_frontier = frontier<digest, &merkle_node>;
/// Root over leaf hashes; SHA-256 of nothing for an empty tree (RFC 6962 section 2.1).
digest merkle_root(std::span<const digest> leaves);
/// Audit path of leaf `index`, from the leaf upwards. @pre index < leaves.size()
std::vector<digest> merkle_path(std::span<const digest> leaves, std::size_t index);
/// Does `path` lead from leaf hash `leaf` at `index` of `size` leaves to `root`?
bool merkle_verify(const digest& root, const digest& leaf, std::uint64_t index, std::uint64_t size,
                   std::span<const digest> path);

/// All levels at hand, for whoever needs many paths of one tree: each in O(log n).
class merkle_tree {
public:
  /// @pre not empty
  explicit merkle_tree(std::vector<digest> leaves);
  const digest& root() const { return levels_.back().front(); }
  std::size_t size() const { return levels_.front().size(); }
  /// As `merkle_path`. @pre index < size()
  std::vector<digest> path(std::size_t index) const;

private:
  std::vector<std::vector<digest>> levels_;  ///< From the leaves upwards.
};

}  // namespace datagen::protocol
