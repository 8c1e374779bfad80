#pragma once
// A commit: one block of the chain, the vertices one committed leader brings in (consensus.md 2.8).

#include "protocol/consensus/vertex.hpp"

namespace datagen::protocol::consensus {

struct commit {
  commit_index index = 0;  ///< The chain's block height; the first commit is 1.
  digest previous{};       ///< Digest of the commit before; of the epoch's start at first.
  vertex_ref leader;
  std::vector<vertex_ref> vertices;  ///< In execution order: by (round, author, digest).
  std::uint64_t timestamp_ms = 0;    ///< Median rule of 2.9; never decreases.
  digest coin{};                     ///< Value of the leader's round.
  friend bool operator==(const commit&, const commit&) = default;
};
template <class Archive>
void describe(Archive& ar, commit& x) {
  ar(x.index, x.previous, x.leader, x.vertices, x.timestamp_ms, x.coin);
}

/// H("commit", every field): what finality statements name.
digest digest_of(const commit& c);

}  // namespace datagen::protocol::consensus
