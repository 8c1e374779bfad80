#include "actors/gateway/chain_index.hpp"

#include <algorithm>

namespace datagen::web {

using namespace protocol;

namespace {

std::uint64_t size_of(const v1::block_news& x) {
  std::uint64_t total = 0;
  for (const auto& what : x.events)
    total += what.size();
  return total;
}

}  // namespace

const indexed_block* chain_index::add(v1::block_news news) {
  if (news.height <= height())
    return nullptr;
  bytes_ += size_of(news);
  heights_[news.block] = news.height;
  blocks_.push_back({std::move(news), {}});
  while (blocks_.size() > 1 && (blocks_.size() > limits_.blocks_max || bytes_ > limits_.bytes_max))
    forget_oldest();
  return &blocks_.back();
}

void chain_index::forget(const indexed_block& x) {
  bytes_ -= size_of(x.news);
  heights_.erase(x.news.block);
}

void chain_index::forget_oldest() {
  forget(blocks_.front());
  blocks_.pop_front();
}

bool chain_index::starts_over(const v1::block_news& news) const {
  if (blocks_.empty() || news.height > height() || news.epoch <= newest()->news.epoch)
    return false;
  const auto* before = at(news.height - 1);
  return !before || before->news.block == news.previous;
}

void chain_index::cut(std::uint64_t height) {
  while (!blocks_.empty() && blocks_.back().news.height >= height) {
    forget(blocks_.back());
    blocks_.pop_back();
  }
  certified_ = std::min(certified_, height - 1);
}

chain_index::certified chain_index::certify(const consensus::certificate& proof) {
  const auto& statement = proof.statement;
  const auto* found = at(statement.height);
  if (!found)
    return certified::unknown;
  if (found->news.block != statement.block || found->news.state_root != statement.state_root)
    return certified::diverged;
  auto& block = const_cast<indexed_block&>(*found);
  block.certifiers.clear();
  for (const auto& [author, by] : proof.signatures)
    block.certifiers.push_back(author);
  certified_ = std::max(certified_, statement.height);
  return certified::yes;
}

const indexed_block* chain_index::at(std::uint64_t height) const {
  const auto it =
    std::lower_bound(blocks_.begin(), blocks_.end(), height,
                     [](const indexed_block& x, std::uint64_t h) { return x.news.height < h; });
  return it != blocks_.end() && it->news.height == height ? &*it : nullptr;
}

const indexed_block* chain_index::find(const digest& block) const {
  const auto it = heights_.find(block);
  return it == heights_.end() ? nullptr : at(it->second);
}

std::vector<const indexed_block*> chain_index::page(std::uint64_t height_max,
                                                    std::size_t limit) const {
  auto it =
    std::upper_bound(blocks_.begin(), blocks_.end(), height_max,
                     [](std::uint64_t h, const indexed_block& x) { return h < x.news.height; });
  std::vector<const indexed_block*> result;
  while (it != blocks_.begin() && result.size() < limit)
    result.push_back(&*--it);
  return result;
}

void settlements::add(std::uint64_t fast_height, const place& heavy) {
  by_fast_height_.emplace(fast_height, heavy);
  while (by_fast_height_.size() > entries_max_) {
    forgotten_ = by_fast_height_.begin()->first;
    by_fast_height_.erase(by_fast_height_.begin());
  }
}

std::optional<settlements::place> settlements::of(std::uint64_t fast_height) const {
  const auto it = by_fast_height_.lower_bound(fast_height);
  if (it == by_fast_height_.end() || fast_height <= forgotten_)
    return std::nullopt;
  return it->second;
}

}  // namespace datagen::web
