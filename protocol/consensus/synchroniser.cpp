#include "protocol/consensus/synchroniser.hpp"

#include <algorithm>

namespace datagen::protocol::consensus {

void synchroniser::want(const wanted_ref& missing, std::uint64_t now_ms) {
  wants_.try_emplace(missing.ref, want_state{missing.holder, 0, now_ms});
  due_ms_ = std::min(due_ms_, now_ms);
}

void synchroniser::want_since(author_index peer, round_number round, std::uint64_t now_ms) {
  auto& to = links_[peer];
  if (peer == self_ || !to.up || to.since_open)
    return;
  to.since_open = true;
  ready_.push_back(effect::fetch_since{peer, open(peer, true, now_ms), round});
}

void synchroniser::set_up(author_index peer, bool up) {
  links_[peer].up = up;
  for (auto next = requests_.begin(); next != requests_.end();) {
    const auto request = next++;
    if (request->second.peer == peer)
      close(request);
  }
}

std::uint64_t synchroniser::open(author_index peer, bool since, std::uint64_t now_ms) {
  const auto expires = now_ms + params_.fetch_timeout_ms;
  requests_.emplace(next_request_, request_state{peer, expires, since, {}});
  ++links_[peer].requests;
  due_ms_ = std::min(due_ms_, expires);
  return next_request_++;
}

void synchroniser::close(std::map<std::uint64_t, request_state>::iterator request) {
  auto& to = links_[request->second.peer];
  --to.requests;
  if (request->second.since)
    to.since_open = false;
  requests_.erase(request);
}

void synchroniser::expire(std::uint64_t now_ms) {
  for (auto next = requests_.begin(); next != requests_.end();) {
    const auto request = next++;
    if (request->second.expires_ms <= now_ms)
      close(request);
  }
}

// The holder first, then round the committee from a place the digest picks, so that the load of
// many references spreads without a random source.
std::optional<author_index> synchroniser::choose(const vertex_ref& ref, want_state& w) const {
  const auto peers = links_.size();
  for (std::size_t tries = 0; tries <= peers; ++tries) {
    const auto peer =
      w.asked == 0 ? w.holder : static_cast<author_index>((ref.id.value[0] + w.asked) % peers);
    ++w.asked;
    if (peer != self_ && links_[peer].up && links_[peer].requests < params_.fetches_per_peer_max)
      return peer;
  }
  return std::nullopt;
}

std::vector<any_effect> synchroniser::poll(const admission& door, std::uint64_t now_ms) {
  auto result = std::exchange(ready_, {});
  if (now_ms < due_ms_)
    return result;
  expire(now_ms);
  std::map<author_index, std::vector<vertex_ref>> batches;
  due_ms_ = ~std::uint64_t{0};
  for (auto next = wants_.begin(); next != wants_.end();) {
    const auto current = next++;
    auto& [ref, w] = *current;
    if (!door.wants(ref)) {
      wants_.erase(current);
      continue;
    }
    if (w.next_ms <= now_ms) {
      const bool first = w.asked == 0;
      for (int copies = first ? 1 : 2; copies > 0; --copies)
        if (const auto peer = choose(ref, w))
          if (auto& batch = batches[*peer]; batch.size() < params_.fetch_batch_max)
            batch.push_back(ref);
      w.next_ms = now_ms + (first ? params_.fetch_retry_ms : params_.fetch_timeout_ms);
    }
    due_ms_ = std::min(due_ms_, w.next_ms);
  }
  for (auto& [peer, refs] : batches) {
    if (refs.empty())
      continue;
    const auto request = open(peer, false, now_ms);
    requests_.at(request).refs = refs;
    result.push_back(effect::fetch{peer, request, std::move(refs)});
  }
  for (const auto& [id, request] : requests_)
    due_ms_ = std::min(due_ms_, request.expires_ms);
  return result;
}

void synchroniser::replied(author_index peer, std::uint64_t request,
                           std::span<const vertex_ptr> vertices, std::uint64_t now_ms) {
  const auto found = requests_.find(request);
  if (found == requests_.end() || found->second.peer != peer)
    return;
  const auto answered = std::move(found->second);
  close(found);
  if (answered.since && vertices.size() >= params_.fetch_batch_max)
    want_since(peer, vertices.back()->ref.round + 1, now_ms);
  // What the first one asked did not have is asked of others at once, not after the pause.
  for (const auto& ref : answered.refs) {
    const auto want = wants_.find(ref);
    const auto is_here = [&](const vertex_ptr& v) { return v->ref == ref; };
    if (want == wants_.end() || std::any_of(vertices.begin(), vertices.end(), is_here))
      continue;
    if (want->second.next_ms <= now_ms + params_.fetch_retry_ms) {
      want->second.next_ms = now_ms;
      due_ms_ = now_ms;
    }
  }
}

}  // namespace datagen::protocol::consensus
