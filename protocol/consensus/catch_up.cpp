#include "protocol/consensus/catch_up.hpp"

#include <algorithm>

namespace datagen::protocol::consensus {

namespace {

/// The vertices of all commits, if they are exactly those named and signed by their authors.
std::optional<std::vector<std::vector<vertex_ptr>>> open_vertices(
  const block_range& x, const roster& serving, const signature_checker& signatures) {
  std::vector<std::vector<vertex_ptr>> result;
  auto next = x.vertices.begin();
  for (const auto& block : x.commits) {
    auto& opened = result.emplace_back();
    for (const auto& ref : block.vertices) {
      auto v = next == x.vertices.end() ? nullptr : decode_vertex(*next++);
      // The digest does not cover the signature, and others will be served these bytes.
      if (!v || v->ref != ref || ref.author >= serving.size() ||
          !signatures.check(serving.authors[ref.author], signing_bytes(ref.id), v->sig))
        return std::nullopt;
      opened.push_back(std::move(v));
    }
  }
  return next == x.vertices.end() ? std::optional{std::move(result)} : std::nullopt;
}

}  // namespace

checked_range check(const block_range& x, const chain_head& head, const roster& serving,
                    const signature_checker& signatures) {
  if (x.commits.empty())
    return {range_check::empty, {}};
  if (x.commits.front().index != head.height + 1 || x.commits.front().previous != head.block)
    return {range_check::not_next, {}};
  auto before = digest_of(x.commits.front());
  for (std::size_t i = 1; i < x.commits.size(); ++i) {
    if (x.commits[i].index != head.height + 1 + i || x.commits[i].previous != before)
      return {range_check::broken_chain, {}};
    before = digest_of(x.commits[i]);
  }
  if (x.last.statement.height != x.commits.back().index || x.last.statement.block != before)
    return {range_check::not_certified, {}};
  if (check(x.last, serving, signatures) != certificate_check::ok)
    return {range_check::bad_certificate, {}};
  auto vertices = open_vertices(x, serving, signatures);
  if (!vertices)
    return {range_check::wrong_vertices, {}};
  return {range_check::ok, std::move(*vertices)};
}

void catch_up::ask_among(std::vector<peer_id> peers) {
  for (const auto id : peers)
    if (id != self_)
      peers_.try_emplace(id);
  std::erase_if(peers_, [&](const auto& entry) {
    return entry.second.height == 0 &&
           std::find(peers.begin(), peers.end(), entry.first) == peers.end();
  });
}

void catch_up::heard(peer_id peer, std::uint32_t epoch, commit_index height) {
  if (peer == self_ || (peers_.size() >= limits_.peers_max && peers_.count(peer) == 0))
    return;
  auto& known = peers_[peer];
  const auto claim = std::max(std::pair{known.epoch, known.height}, std::pair{epoch, height});
  std::tie(known.epoch, known.height) = claim;
}

void catch_up::expire(std::uint64_t now_ms) {
  std::vector<peer_id> late;
  for (auto it = open_.begin(); it != open_.end();)
    if (it->second.until_ms <= now_ms) {
      late.push_back(it->second.peer);
      it = open_.erase(it);
    } else {
      ++it;
    }
  for (const auto peer : late)
    blame(peer, now_ms);
}

bool catch_up::judge(const position& own, std::uint64_t now_ms) {
  if (own.height != last_height_) {
    last_height_ = own.height;
    progress_ms_ = now_ms;
  }
  target_ = 0;
  later_epoch_ = false;
  for (const auto& [id, peer] : peers_) {
    if (peer.silent_until_ms > now_ms || peer.epoch < own.epoch)
      continue;
    later_epoch_ = later_epoch_ || peer.epoch > own.epoch;
    target_ = std::max(target_, peer.height);
  }
  if (end_)
    target_ = std::min(target_, *end_);
  if (target_ <= own.height)
    return false;
  return !own.live || later_epoch_ || target_ > own.height + limits_.lag_blocks ||
         now_ms >= progress_ms_ + limits_.stuck_ms;
}

std::optional<catch_up::peer_id> catch_up::choose(commit_index height, std::uint32_t epoch,
                                                  std::uint64_t now_ms) {
  std::map<peer_id, std::size_t> busy;
  for (const auto& [number, x] : open_)
    ++busy[x.peer];
  std::optional<peer_id> best;
  const auto rank = [&](peer_id id) {
    return std::tuple{busy[id], peers_.at(id).faults, id <= rotate_, id};
  };
  for (const auto& [id, peer] : peers_)
    if (peer.silent_until_ms <= now_ms &&
        (height == 0 || (peer.epoch >= epoch && peer.height >= height)) &&
        (!best || rank(id) < rank(*best)))
      best = id;
  if (best)
    rotate_ = *best;
  return best;
}

commit_index catch_up::uncovered(commit_index from) const {
  bool moved = true;
  while (moved) {
    moved = false;
    for (const auto& [number, x] : open_)
      if (x.first <= from && from <= x.last)
        from = x.last + 1, moved = true;
    for (const auto& [first, x] : kept_)
      if (first <= from && from < first + x.second.commits.size())
        from = first + x.second.commits.size(), moved = true;
  }
  return from;
}

catch_up::request catch_up::open(peer_id peer, commit_index first, commit_index last,
                                 std::uint64_t now_ms) {
  const request result{peer, next_number_++, first, last};
  open_[result.number] = {peer, first, last, now_ms + limits_.timeout_ms};
  return result;
}

std::vector<catch_up::request> catch_up::poll(const position& own, std::uint64_t now_ms) {
  expire(now_ms);
  behind_ = judge(own, now_ms);
  std::erase_if(kept_, [&](const auto& x) { return x.first <= own.height; });
  std::vector<request> result;
  if (behind_) {
    while (open_.size() + kept_.size() < limits_.requests_max) {
      const auto first = uncovered(own.height + 1);
      if (first > target_)
        break;
      const auto peer = choose(first, own.epoch, now_ms);
      if (!peer)
        break;
      const auto size = limits_.range_blocks;
      result.push_back(open(
        *peer, first, std::min<commit_index>((first + size - 1) / size * size, target_), now_ms));
    }
    return result;
  }
  const bool quiet = !own.live || later_epoch_ || now_ms >= progress_ms_ + limits_.stuck_ms;
  if (quiet && now_ms >= poll_ms_ && open_.empty() && (!end_ || own.height < *end_)) {
    poll_ms_ = now_ms + limits_.poll_ms;
    if (const auto peer = choose(0, own.epoch, now_ms))
      result.push_back(open(*peer, own.height + 1, own.height + limits_.range_blocks, now_ms));
  }
  return result;
}

void catch_up::replied(peer_id peer, std::uint64_t number, std::uint32_t epoch, commit_index height,
                       std::optional<block_range> range, commit_index state) {
  const auto asked = open_.find(number);
  if (asked == open_.end() || asked->second.peer != peer)
    return;
  const auto first = asked->second.first;
  open_.erase(asked);
  auto& known = peers_[peer];
  known.epoch = epoch;
  known.height = height;
  known.refused = range ? 0 : first;
  known.state = range ? 0 : state;
  if (!range) {
    known.height = std::min(height, first - 1);  // whatever it says, it does not give it
    return;
  }
  if (!range->commits.empty() && range->commits.front().index == first)
    kept_.try_emplace(first, peer, std::move(*range));
}

std::optional<std::pair<catch_up::peer_id, block_range>> catch_up::take(commit_index first) {
  std::erase_if(kept_, [&](const auto& x) { return x.first < first; });
  auto node = kept_.extract(first);
  if (!node)
    return std::nullopt;
  return std::move(node.mapped());
}

std::optional<catch_up::peer_id> catch_up::whose_state(const position& own,
                                                       std::uint64_t now_ms) const {
  std::optional<peer_id> best;
  for (const auto& [id, peer] : peers_) {
    if (peer.silent_until_ms > now_ms || peer.epoch < own.epoch)
      continue;
    if (peer.refused != own.height + 1) {
      if (peer.height > own.height)
        return std::nullopt;  // it was not asked yet, or has it
      continue;
    }
    if (peer.state > own.height && (!best || peer.state > peers_.at(*best).state))
      best = id;
  }
  return best;
}

void catch_up::blame(peer_id peer, std::uint64_t now_ms) {
  auto& known = peers_[peer];
  if (++known.faults < limits_.faults_max)
    return;
  known.faults = 0;
  known.silent_until_ms = now_ms + limits_.penalty_ms;
}

}  // namespace datagen::protocol::consensus
