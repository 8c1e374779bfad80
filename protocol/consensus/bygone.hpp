#pragma once
// Vertices that fell below the floor, kept one window longer for peers that are some commits
// behind.

#include "protocol/consensus/vertex.hpp"

#include <map>

namespace datagen::protocol::consensus {

/// Who is a commit ahead lets in late vertices whose ancestors its floor has passed, and refers to
/// them. A peer behind needs exactly what was held before that floor rose to come to the same
/// commit (consensus.md 2.10): whoever collected it at once would leave the peer waiting for what
/// nobody gives. They take no part in any decision.
class bygone {
public:
  explicit bygone(round_number depth) : depth_(depth) {}

  /// Keeps `v` unless it is below the window.
  void add(vertex_ptr v);
  /// Forgets what lies `depth` rounds or more below the new floor.
  void raise(round_number floor);
  /// Null when not kept.
  vertex_ptr find(const vertex_ref& ref) const;
  /// The author's vertex of a round, a twin's if there are two; null when none is kept.
  vertex_ptr first(round_number round, author_index author) const;
  /// All that is kept lies above this round.
  round_number floor() const { return floor_; }
  std::size_t size() const { return kept_.size(); }

private:
  round_number depth_;
  round_number floor_ = 0;
  std::map<vertex_ref, vertex_ptr> kept_;
};

}  // namespace datagen::protocol::consensus
