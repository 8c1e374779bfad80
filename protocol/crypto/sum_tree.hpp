#pragma once
// Merkle-sum trees (protocol.md section 2, step 6): every node commits to the sums below it, so a
// root cannot claim other totals than its leaves have.

#include "protocol/crypto/frontier.hpp"

namespace datagen::protocol {

struct sum_node {
  digest hash;
  uint128 price = 0;        ///< Sum of prices below, 10^-9 DG.
  std::uint64_t units = 0;  ///< Sum of units below.
  friend auto operator<=>(const sum_node&, const sum_node&) = default;
};
template <class Archive>
void describe(Archive& ar, sum_node& x) {
  ar(x.hash, x.price, x.units);
}

sum_node sum_leaf(byte_view key, uint128 price, std::uint64_t units);
/// @pre the sums fit
sum_node sum_parent(const sum_node& left, const sum_node& right);
/// Root of RFC 6962 shape; of nothing: H("sum-empty"), 0, 0.
sum_node sum_root(std::span<const sum_node> leaves);
using sum_frontier = frontier<sum_node, &sum_parent>;

/// What shows that leaves `first` to `first + count - 1` are in the tree: the roots of the largest
/// subtrees beside them, from left to right. @pre count > 0, all of them in the tree
std::vector<sum_node> sum_path(std::span<const sum_node> leaves, std::size_t first,
                               std::size_t count = 1);
/// Are `run` the leaves from `first` on of the tree of `size` leaves under `root`? Sums that would
/// wrap are refused, and so are paths that are longer or shorter than needed.
bool sum_verify(const sum_node& root, std::span<const sum_node> run, std::uint64_t first,
                std::uint64_t size, std::span<const sum_node> path);
inline bool sum_verify(const sum_node& root, const sum_node& leaf, std::uint64_t index,
                       std::uint64_t size, std::span<const sum_node> path) {
  return sum_verify(root, std::span{&leaf, 1}, index, size, path);
}

}  // namespace datagen::protocol
