#pragma once
// A tree of RFC 6962 shape that only grows, remembered by the roots of its perfect subtrees: its
// root is at hand after every leaf, in O(log n) bytes however many there are.

#include "protocol/codec.hpp"

#include <bit>

namespace datagen::protocol {

template <class Node, Node (*Parent)(const Node&, const Node&)>
class frontier {
public:
  void append(Node leaf) {
    for (auto n = size_++; n % 2 == 1; n /= 2) {
      leaf = Parent(roots_.back(), leaf);
      roots_.pop_back();
    }
    roots_.push_back(std::move(leaf));
  }
  std::uint64_t size() const { return size_; }
  /// Equal to the root computed over all leaves at once. @pre size() > 0
  Node root() const {
    auto result = roots_.back();
    for (auto i = roots_.size() - 1; i > 0; --i)
      result = Parent(roots_[i - 1], result);
    return result;
  }

  template <class Archive>
  friend void describe(Archive& ar, frontier& x) {
    ar(x.size_, x.roots_);
    if constexpr (std::is_same_v<Archive, decoder>)
      ar.require(x.roots_.size() == static_cast<std::size_t>(std::popcount(x.size_)));
  }

private:
  std::uint64_t size_ = 0;
  std::vector<Node> roots_;  ///< One per bit that is set in `size_`, the largest first.
};

}  // namespace datagen::protocol
