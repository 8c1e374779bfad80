#pragma once
// Which jobs of one session are paid: every sequence number once for ever (protocol.md
// section 7.3), in a few intervals instead of a list.

#include "protocol/codec.hpp"

namespace datagen::protocol::fast {

/// Sequences may run this far ahead of the lowest unpaid one, which bounds the intervals. The
/// lowest unpaid sequence never falls, so what was inside the window once stays payable: a
/// validator that checks the window before it works cannot lose its price to the user's later jobs.
inline constexpr std::uint32_t paid_window = 65'536;

/// Set of paid sequence numbers. Users count from 0 or from 1: an unused 0 holds nothing up.
class paid_set {
public:
  bool contains(std::uint32_t sequence) const;
  /// Lowest unpaid sequence, 0 aside.
  std::uint64_t lowest_unpaid() const;
  bool in_window(std::uint32_t sequence) const { return sequence < lowest_unpaid() + paid_window; }
  /// @pre !contains(sequence)
  void insert(std::uint32_t sequence);
  std::size_t intervals() const { return ranges_.size(); }
  friend bool operator==(const paid_set&, const paid_set&) = default;

  template <class Archive>
  friend void describe(Archive& ar, paid_set& x) {
    ar(x.ranges_);
    if constexpr (std::is_same_v<Archive, decoder>)
      ar.require(x.canonical());
  }

private:
  /// Intervals are not empty, and neither touch nor overlap.
  bool canonical() const;

  std::map<std::uint32_t, std::uint32_t> ranges_;  ///< First to last, both included.
};

}  // namespace datagen::protocol::fast
