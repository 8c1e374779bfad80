#include "actors/chain/heavy_feed.hpp"

namespace datagen {

namespace ledger = protocol::ledger;

void heavy_feed::begin_after(std::uint64_t height) {
  *this = {};
  base_ = height;
}

void heavy_feed::add(ledger::block_events block, std::uint32_t sections,
                     std::vector<protocol::digest> path,
                     const std::optional<protocol::consensus::roster>& next) {
  const auto height = block.height;
  if (next)
    ends_[height] = *next;
  if (!block.events.empty())
    blocks_.emplace(height, std::move(block));
  open_[height] = {sections, std::move(path)};
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

std::optional<ledger::certified_events> heavy_feed::above(std::uint64_t height,
                                                          std::size_t blocks_max) const {
  if (height < base_)
    return std::nullopt;
  const auto end = ends_.upper_bound(height);
  auto limit = end == ends_.end() ? proofs_.end() : proofs_.upper_bound(end->first);
  if (limit == proofs_.begin() || std::prev(limit)->first <= height)
    return std::nullopt;
  // The first certificate that covers `blocks_max` blocks, or the newest one.
  auto reach = blocks_.upper_bound(height);
  for (std::size_t i = 0; i < blocks_max && reach != blocks_.end(); ++i)
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
