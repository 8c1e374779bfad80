#pragma once
// From committed leaders to the chain: which vertices a commit brings in, in which order, at what
// time, and what is forgotten after it (consensus.md 2.8, 2.9, 2.10).

#include "protocol/consensus/commit.hpp"
#include "protocol/consensus/committer.hpp"

namespace datagen::protocol::consensus {

struct linearized {
  commit block;
  std::vector<vertex_ptr> vertices;  ///< In the order of `block.vertices`.
};

class linearizer {
public:
  /// `previous` and `timestamp_ms` are those of the block before `first`.
  linearizer(commit_index first, const digest& previous, std::uint64_t timestamp_ms)
      : next_(first), previous_(previous), timestamp_ms_(timestamp_ms) {}

  /// Continues behind `last`, a commit output in an earlier run.
  void resume(const commit& last, const engine_params& params) { advance(last, params); }
  /// The commit of slot `s`; marks its vertices. @pre `s` is committed and next in order.
  linearized take(dag& d, const slot& s);
  /// gc_floor of 2.10 for the next commit: a function of the commits alone.
  round_number floor() const { return floor_; }
  commit_index last_index() const { return next_ - 1; }
  round_number last_leader_round() const { return leader_round_; }

private:
  void advance(const commit& block, const engine_params& params);

  commit_index next_;
  digest previous_;
  std::uint64_t timestamp_ms_;
  round_number leader_round_ = 0;
  round_number floor_ = 0;
};

}  // namespace datagen::protocol::consensus
