#pragma once
// A Merkle tree addressed by key: each leaf lies where the bits of its place lead, no deeper than it
// needs to be alone. The same leaves make the same root, whatever came and went before; a change
// costs the hashes from its leaf to the root. RFC 6962 node hashes; an empty side counts as zeros.

#include "protocol/crypto/merkle.hpp"

#include <memory>

namespace datagen::protocol {

class merkle_trie {
public:
  merkle_trie();
  ~merkle_trie();
  merkle_trie(merkle_trie&&) noexcept;
  merkle_trie& operator=(merkle_trie&&) noexcept;

  /// Puts `leaf` at `place`, which is uniform: a digest of the key.
  void set(const digest& place, const digest& leaf);
  void erase(const digest& place);
  /// Hashes what has changed since it was asked last; all zero without a leaf.
  digest root() const;
  /// Siblings from the root down to the leaf at `place`; nothing when there is none.
  std::optional<std::vector<digest>> path(const digest& place) const;

private:
  struct node;
  std::unique_ptr<node> root_;
};

/// Root that `leaf` at `place` leads to along `path`, as `merkle_trie::path` gives it.
digest trie_root(const digest& place, const digest& leaf, std::span<const digest> path);

}  // namespace datagen::protocol
