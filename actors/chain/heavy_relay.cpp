#include "actors/chain/heavy_relay.hpp"

#include "protocol/fast/transactions.hpp"

#include <algorithm>

namespace datagen {

namespace ledger = protocol::ledger;
namespace fast = protocol::fast;

namespace {

constexpr std::size_t relayed_blocks_max = 200;  ///< Per transaction: it must fit a vertex.

}  // namespace

std::vector<ledger::block_events> heavy_relay::take(const v1::heavy_news& news) {
  const auto before = height();
  auto fresh = heavy_.take(news);
  if (height() == before)
    return fresh;
  auto proof = news.content;
  proof.blocks.clear();
  proofs_[height()] = std::move(proof);
  for (const auto& block : fresh)
    blocks_[block.height] = block;
  return fresh;
}

std::vector<ledger::block_events> heavy_relay::take(const peer& from,
                                                    const v1::snapshot_piece& x) {
  auto open = heavy_.take(from, x);
  if (open.empty())
    return open;
  blocks_.clear();
  proofs_.clear();
  pruned_ = height();
  return open;
}

std::optional<protocol::bytes> heavy_relay::lacking(std::uint64_t known) const {
  if (!reaches(known) || proofs_.empty() || proofs_.rbegin()->first <= known)
    return std::nullopt;
  // Up to the end of the epoch at most: the next committee's certificates mean nothing before it.
  auto limit = std::find_if(proofs_.upper_bound(known), proofs_.end(),
                            [](const auto& x) { return x.second.next.has_value(); });
  const auto last = limit == proofs_.end() ? std::prev(limit) : limit;
  auto reach = blocks_.upper_bound(known);
  for (std::size_t i = 0; i < relayed_blocks_max && reach != blocks_.end(); ++i)
    ++reach;
  auto chosen = last;
  if (reach != blocks_.end() && reach->first <= last->first)
    chosen = proofs_.lower_bound(reach->first);
  auto content = chosen->second;
  for (auto it = blocks_.upper_bound(known); it != blocks_.end() && it->first <= chosen->first; ++it)
    content.blocks.push_back(it->second);
  return protocol::encode(fast::transaction{fast::tx::heavy_events{std::move(content)}});
}

void heavy_relay::prune(std::uint64_t known) {
  pruned_ = std::max(pruned_, std::min(known, height()));
  blocks_.erase(blocks_.begin(), blocks_.upper_bound(known));
  proofs_.erase(proofs_.begin(), proofs_.upper_bound(known));
}

}  // namespace datagen
