#include "protocol/consensus/proposer.hpp"

#include <algorithm>

namespace datagen::protocol::consensus {

namespace {

constexpr round_number active_rounds = 20;  // 2.4: active = a vertex in the last 20 rounds
constexpr std::uint64_t stretched_delay_max_ms = 1000;  // 2.14

}  // namespace

bool proposer::active_authors_are_here(const dag& d, round_number round) const {
  if (round == 0)
    return true;
  for (author_index a = 0; a < d.authors(); ++a)
    if (a != self_ && !exposed_[a] && d.highest_of(a) + active_rounds >= round &&
        !d.first(round, a))
      return false;
  return true;
}

proposal_moment proposer::when(const dag& d, const proposal_view& view, std::uint64_t now_ms) {
  proposal_moment result;
  result.round = std::max(own_.round, view.decided_round) + 1;
  if (d.authors_at(result.round - 1) < d.quorum())
    return result;
  if (candidate_ != result.round) {
    candidate_ = result.round;
    since_ms_ = now_ms;
  }
  result.catch_up = d.authors_at(result.round + 1) >= d.quorum();
  std::uint64_t due = 0;
  if (last_ms_ && d.authors_at(result.round) < d.quorum()) {  // else others wait for us
    due = *last_ms_ + delay_ms_;
    if (!view.work)
      due = std::max(due, *last_ms_ + params_.idle_ms);
  }
  if (!result.catch_up && !active_authors_are_here(d, result.round - 1))
    due = std::max(due, since_ms_ + params_.wait_all_ms);
  result.ready = due <= now_ms;
  if (!result.ready)
    result.wake_ms = due;
  return result;
}

std::vector<vertex_ref> proposer::ancestors(const dag& d, round_number round) const {
  std::size_t trusted = 0;
  for (author_index a = 0; a < d.authors(); ++a)
    trusted += !exposed_[a] && (round == 1 || d.first(round - 1, a));
  std::vector<vertex_ref> result{own_};
  for (author_index a = 0; a < d.authors(); ++a) {
    if (a == self_ || (exposed_[a] && trusted >= d.quorum()))
      continue;
    const node* newest = nullptr;
    for (auto at = std::min(round - 1, d.highest_of(a));
         !newest && at > d.floor() && at >= next_link_[a]; --at)
      newest = d.first(at, a);
    if (newest)
      result.push_back(newest->v->ref);
    else if (round == 1)
      result.push_back(genesis_[a]);
  }
  return result;
}

void proposer::remember(const sealed_vertex& own, std::uint64_t at_ms, bool strained) {
  own_ = own.ref;
  own_timestamp_ms_ = own.body.timestamp_ms;
  for (const auto& link : own.body.ancestors)
    next_link_[link.author] = std::max(next_link_[link.author], link.round + 1);
  last_ms_ = at_ms;
  delay_ms_ = strained
                ? std::min(std::max<std::uint64_t>(delay_ms_, 1) * 2, stretched_delay_max_ms)
                : params_.min_round_delay_ms;
}

}  // namespace datagen::protocol::consensus
