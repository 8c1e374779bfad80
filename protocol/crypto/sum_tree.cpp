#include "protocol/crypto/sum_tree.hpp"

#include "protocol/crypto/hash.hpp"

namespace datagen::protocol {

namespace {

/// The largest power of two below `size`: where RFC 6962 splits. @pre size >= 2
std::uint64_t split(std::uint64_t size) { return std::bit_floor(size - 1); }

bool adds_up(const sum_node& left, const sum_node& right) {
  return left.price + right.price >= left.price && left.units + right.units >= left.units;
}

/// A run of leaves [first, last) in a tree; positions count from the tree's first leaf.
struct run_of_leaves {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  bool misses(std::uint64_t begin, std::uint64_t size) const {
    return begin >= last || begin + size <= first;
  }
  bool covers(std::uint64_t begin, std::uint64_t size) const {
    return first <= begin && begin + size <= last;
  }
};

void collect_beside(std::span<const sum_node> leaves, std::uint64_t begin, const run_of_leaves& run,
                    std::vector<sum_node>& out) {
  if (run.misses(begin, leaves.size())) {
    out.push_back(sum_root(leaves));
  } else if (!run.covers(begin, leaves.size())) {
    const auto k = split(leaves.size());
    collect_beside(leaves.first(k), begin, run, out);
    collect_beside(leaves.subspan(k), begin + k, run, out);
  }
}

/// Recomputes a root from a run of leaves and what lies beside it.
struct climb {
  std::span<const sum_node> leaves;
  run_of_leaves run;
  std::span<const sum_node> path;  ///< What is left of it.

  std::optional<sum_node> root(std::uint64_t begin, std::uint64_t size) {
    if (run.misses(begin, size))
      return next();
    if (size == 1)
      return leaves[begin - run.first];
    const auto k = split(size);
    const auto left = root(begin, k);
    const auto right = left ? root(begin + k, size - k) : std::nullopt;
    if (!right || !adds_up(*left, *right))
      return std::nullopt;
    return sum_parent(*left, *right);
  }
  std::optional<sum_node> next() {
    if (path.empty())
      return std::nullopt;
    const auto result = path.front();
    path = path.subspan(1);
    return result;
  }
};

}  // namespace

sum_node sum_leaf(byte_view key, uint128 price, std::uint64_t units) {
  return {hash("sum-leaf", bytes{key.begin(), key.end()}, price, units), price, units};
}

sum_node sum_parent(const sum_node& left, const sum_node& right) {
  return {hash("sum-node", left, right), left.price + right.price, left.units + right.units};
}

sum_node sum_root(std::span<const sum_node> leaves) {
  if (leaves.empty())
    return {hash("sum-empty"), 0, 0};
  if (leaves.size() == 1)
    return leaves[0];
  const auto k = split(leaves.size());
  return sum_parent(sum_root(leaves.first(k)), sum_root(leaves.subspan(k)));
}

std::vector<sum_node> sum_path(std::span<const sum_node> leaves, std::size_t first,
                               std::size_t count) {
  invariant(count > 0 && first < leaves.size() && count <= leaves.size() - first,
            "a sum path of leaves outside the tree");
  std::vector<sum_node> result;
  collect_beside(leaves, 0, {first, first + count}, result);
  return result;
}

bool sum_verify(const sum_node& root, std::span<const sum_node> run, std::uint64_t first,
                std::uint64_t size, std::span<const sum_node> path) {
  if (run.empty() || first >= size || run.size() > size - first)
    return false;
  climb up{run, {first, first + run.size()}, path};
  const auto found = up.root(0, size);
  return found == root && up.path.empty();
}

}  // namespace datagen::protocol
