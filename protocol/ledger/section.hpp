#pragma once
// A part of the state with its digest at hand: a block touches few sections, and only those are
// hashed again (consensus.md section 2.15: a root after every block).

#include "protocol/ledger/proven_map.hpp"

namespace datagen::protocol::ledger {

/// What a section's leaf commits to; a section whose parts never change overloads it.
template <class T>
digest content_digest(const T& x) {
  return hash("section", x);
}

template <class Key, class Value>
digest content_digest(const proven_map<Key, Value>& x) {
  return x.root();
}

template <class T>
class section {
public:
  const T* operator->() const { return &value_; }
  const T& operator*() const { return value_; }
  /// Every change goes through here, so that the digest cannot outlive what it describes.
  T& edit() {
    leaf_.reset();
    return value_;
  }
  /// Leaf of the state tree.
  const digest& leaf() const {
    if (!leaf_)
      leaf_ = merkle_leaf(content_digest(value_).view());
    return *leaf_;
  }

private:
  T value_;
  mutable std::optional<digest> leaf_;
};

template <class T>
void describe(encoder& ar, section<T>& x) { ar(*std::as_const(x)); }
template <class T>
void describe(decoder& ar, section<T>& x) { ar(x.edit()); }

}  // namespace datagen::protocol::ledger
