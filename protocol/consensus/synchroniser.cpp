#include "protocol/consensus/synchroniser.hpp"

#include <algorithm>

namespace datagen::protocol::consensus {

void synchroniser::want(const wanted_ref& missing, std::uint64_t now_ms) {
  auto& w = wants_.try_emplace(missing.ref, want_state{{}, 0, 0, now_ms}).first->second;
  if (std::find(w.holders.begin(), w.holders.end(), missing.holder) != w.holders.end())
    return;
  w.holders.push_back(missing.holder);
  // A second holder is asked beside the first, which may be one that never answers; further ones
  // when their turn comes, or at once where everybody known had been asked.
  if (w.holders.size() <= 2 || w.next_ms > now_ms + params_.fetch_retry_ms)
    w.next_ms = now_ms;
  due_ms_ = std::min(due_ms_, w.next_ms);
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

// The holders first, then round the committee from a place the digest picks, so that the load of
// many references spreads without a random source.
std::optional<author_index> synchroniser::choose(const vertex_ref& ref, want_state& w) const {
  const auto can_ask = [&](author_index peer) {
    return peer != self_ && links_[peer].up && links_[peer].requests < params_.fetches_per_peer_max;
  };
  while (w.holders_asked < w.holders.size()) {
    ++w.asked;
    if (const auto peer = w.holders[w.holders_asked++]; can_ask(peer))
      return peer;
  }
  for (std::size_t tries = 0; tries <= links_.size(); ++tries) {
    const auto peer = static_cast<author_index>((ref.id.value[0] + w.asked++) % links_.size());
    if (can_ask(peer))
      return peer;
  }
  return std::nullopt;
}

void synchroniser::forget_unwanted(const admission& door) {
  std::erase_if(wants_, [&](const auto& entry) { return !door.wants(entry.first); });
}

// What is due: of each holder the lowest rounds first, and holders take turns, so that what one of
// them made us miss cannot fill every batch (2.14: one peer cannot starve others).
std::vector<synchroniser::want_place> synchroniser::in_turn(std::uint64_t now_ms) {
  std::map<author_index, std::vector<want_place>> of_holder;
  std::size_t left = 0;
  for (auto place = wants_.begin(); place != wants_.end(); ++place)
    if (place->second.next_ms <= now_ms) {
      of_holder[place->second.holders.front()].push_back(place);
      ++left;
    }
  std::vector<want_place> result;
  for (std::size_t turn = 0; result.size() < left; ++turn)
    for (const auto& [holder, places] : of_holder)
      if (turn < places.size())
        result.push_back(places[turn]);
  return result;
}

std::vector<any_effect> synchroniser::poll(const admission& door, std::uint64_t now_ms) {
  auto result = std::exchange(ready_, {});
  if (now_ms < due_ms_)
    return result;
  expire(now_ms);
  forget_unwanted(door);
  std::map<author_index, std::vector<vertex_ref>> batches;
  for (const auto& due : in_turn(now_ms)) {
    auto& [ref, w] = *due;
    const bool known = w.holders_asked < w.holders.size();
    for (int copies = known ? 1 : 2; copies > 0; --copies)
      if (const auto peer = choose(ref, w))
        if (auto& batch = batches[*peer]; batch.size() < params_.fetch_batch_max)
          batch.push_back(ref);
    w.next_ms = now_ms + (known ? params_.fetch_retry_ms : params_.fetch_timeout_ms);
  }
  due_ms_ = ~std::uint64_t{0};
  for (const auto& [ref, w] : wants_)
    due_ms_ = std::min(due_ms_, w.next_ms);
  for (auto& [peer, refs] : batches) {
    std::sort(refs.begin(), refs.end());
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
    const auto& w = want->second;
    if (w.next_ms <= now_ms + params_.fetch_retry_ms || w.holders_asked < w.holders.size()) {
      want->second.next_ms = now_ms;
      due_ms_ = now_ms;
    }
  }
}

}  // namespace datagen::protocol::consensus
