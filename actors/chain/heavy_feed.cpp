#include "actors/chain/heavy_feed.hpp"

namespace datagen {

namespace ledger = protocol::ledger;

std::optional<ledger::block_events> events_of(const v1::block_news& news) {
  ledger::block_events result{.height = news.height, .live_ms = news.live_ms};
  for (const auto& raw : news.events) {
    auto what = protocol::decode<ledger::event>(raw);
    if (!what)
      return std::nullopt;
    result.events.push_back(std::move(*what));
  }
  return result;
}

void heavy_feed::begin_after(std::uint64_t height) {
  *this = heavy_feed{blocks_max_};
  known_after_ = held_after_ = height;
}

void heavy_feed::hold_after(std::uint64_t height) {
  const auto known_after = known_after_;
  begin_after(height);
  known_after_ = known_after;
}

void heavy_feed::drop(std::uint64_t height) {
  held_after_ = height;
  const auto forget = [height](auto& x) { x.erase(x.begin(), x.upper_bound(height)); };
  forget(heights_);
  forget(blocks_);
  forget(open_);
  forget(ends_);
  forget(proofs_);
}

void heavy_feed::add(ledger::block_events block, std::uint32_t sections,
                     std::vector<protocol::digest> path,
                     const std::optional<protocol::consensus::roster>& next) {
  const auto height = block.height;
  if (height <= held_after_)
    return;
  heights_.insert(height);
  if (next)
    ends_[height] = *next;
  if (!block.events.empty())
    blocks_.emplace(height, std::move(block));
  open_[height] = {sections, std::move(path)};
  if (heights_.size() > blocks_max_)
    drop(*heights_.begin());
}

bool heavy_feed::certified(const protocol::consensus::certificate& certificate) {
  const auto height = certificate.statement.height;
  const auto it = open_.find(height);
  if (it == open_.end())
    return false;
  const bool newer = height > certified_height();
  proofs_[height] = {certificate, std::move(it->second)};
  open_.erase(it);
  return newer;
}

std::optional<ledger::certified_events> heavy_feed::newest() const {
  if (proofs_.empty())
    return std::nullopt;
  const auto& last = proofs_.rbegin()->second;
  return ledger::certified_events{.proof = last.certificate,
                                  .sections = last.feed.sections,
                                  .path = last.feed.path};
}

std::optional<ledger::certified_events> heavy_feed::above(std::uint64_t height) const {
  if (height < held_after_)
    return std::nullopt;
  const auto end = ends_.upper_bound(height);
  auto limit = end == ends_.end() ? proofs_.end() : proofs_.upper_bound(end->first);
  if (limit == proofs_.begin() || std::prev(limit)->first <= height)
    return std::nullopt;
  // The first certificate that covers enough blocks, or the newest one.
  auto reach = blocks_.upper_bound(height);
  for (std::size_t i = 0; i < news_blocks_max && reach != blocks_.end(); ++i)
    ++reach;
  auto chosen = std::prev(limit);
  if (reach != blocks_.end() && reach->first <= chosen->first)
    chosen = proofs_.lower_bound(reach->first);
  ledger::certified_events result{.proof = chosen->second.certificate,
                                  .sections = chosen->second.feed.sections,
                                  .path = chosen->second.feed.path};
  if (end != ends_.end() && end->first == chosen->first)
    result.next = end->second;
  for (auto it = blocks_.upper_bound(height); it != blocks_.end() && it->first <= chosen->first; ++it)
    result.blocks.push_back(it->second);
  return result;
}

}  // namespace datagen
