#include "protocol/consensus/linearizer.hpp"

#include <algorithm>

namespace datagen::protocol::consensus {

namespace {

/// The leader and its uncommitted history above `floor`, sorted by (round, author, digest).
std::vector<const node*> sub_dag(dag& d, const node& leader, round_number floor) {
  std::vector<const node*> result{&leader};
  d.mark_committed(leader);
  for (std::size_t next = 0; next < result.size(); ++next) {
    const auto& n = *result[next];
    for (std::size_t i = 0; i < n.parents.size(); ++i) {
      const auto* parent = n.parents[i];
      if (n.v->body.ancestors[i].round <= floor || parent->committed)
        continue;
      d.mark_committed(*parent);
      result.push_back(parent);
    }
  }
  std::sort(result.begin(), result.end(),
            [](const node* a, const node* b) { return a->v->ref < b->v->ref; });
  return result;
}

/// Lower median of the timestamps of the leader's ancestors of the round below (2.9). With q of
/// them and at most f faulty it lies between two correct clocks. Nothing at round 1.
std::optional<std::uint64_t> median_time(const node& leader) {
  std::vector<std::uint64_t> times;
  for (std::size_t i = 0; i < leader.parents.size(); ++i)
    if (leader.parents[i] && leader.v->body.ancestors[i].round + 1 == leader.round())
      times.push_back(leader.parents[i]->v->body.timestamp_ms);
  if (times.empty())
    return std::nullopt;
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>((times.size() - 1) / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

}  // namespace

linearized linearizer::take(dag& d, const slot& s) {
  invariant(s.leader && is_commit(s.decision), "only committed slots are linearized");
  const auto& leader = *s.leader;
  linearized result;
  auto& block = result.block;
  block.index = next_;
  block.previous = previous_;
  block.leader = leader.v->ref;
  block.coin = s.coin;
  block.timestamp_ms = std::max(timestamp_ms_, median_time(leader).value_or(0));
  for (const auto* n : sub_dag(d, leader, floor_)) {
    block.vertices.push_back(n->v->ref);
    result.vertices.push_back(n->v);
  }
  advance(block, d.params());
  return result;
}

void linearizer::advance(const commit& block, const engine_params& params) {
  next_ = block.index + 1;
  previous_ = digest_of(block);
  timestamp_ms_ = block.timestamp_ms;
  leader_round_ = block.leader.round;
  floor_ = leader_round_ > params.gc_depth ? leader_round_ - params.gc_depth : 0;
}

}  // namespace datagen::protocol::consensus
