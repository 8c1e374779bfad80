#pragma once
// A leaf in its checkpoint's tree (protocol.md section 2, step 6). One that is ordered without being
// payable is told apart there: the epoch's totals do not count it, so nothing may be taken out of them
// on its account.

#include "protocol/crypto/merkle.hpp"
#include "protocol/job/job.hpp"

namespace datagen::protocol {

/// What stands for `x` in the tree.
inline digest placed_leaf(const leaf& x, bool payable) {
  return payable ? leaf_hash(x) : hash("unpaid-leaf", leaf_hash(x));
}

/// Is `x` at `index` of a tree of `size` leaves under `root`, and payable there? Nothing where `path`
/// does not lead from it to the root.
inline std::optional<bool> find_placed(const digest& root, const leaf& x, std::uint64_t index,
                                       std::uint64_t size, std::span<const digest> path) {
  for (const bool payable : {true, false})
    if (merkle_verify(root, placed_leaf(x, payable), index, size, path))
      return payable;
  return std::nullopt;
}

}  // namespace datagen::protocol
