#include "actors/content_cache.hpp"

#include <algorithm>

namespace datagen {

std::uint64_t input_life_ms(const protocol::parameters& rules) {
  return rules.leaf_deadline_ms + rules.epoch_ms + 2 * rules.delivery_window_ms +
         rules.audit_grace_ms + rules.last_stage_window_ms + rules.appeal_window_ms;
}

void content_cache::keep(const protocol::digest& id, const blob& data, std::uint64_t until_ms) {
  const auto [it, fresh] = content_.try_emplace(id, entry{data, until_ms});
  it->second.until_ms = std::max(it->second.until_ms, until_ms);
  if (!fresh)
    return;
  order_.push_back({id, until_ms});
  bytes_ += data.size();
  while (bytes_ > bytes_max_ && order_.size() > 1)
    drop_oldest();
}

void content_cache::expire(std::uint64_t now_ms) {
  while (!order_.empty() && order_.front().until_ms < now_ms) {
    auto oldest = order_.front();
    const auto until_ms = content_.at(oldest.id).until_ms;
    if (until_ms < now_ms) {
      drop_oldest();
      continue;
    }
    order_.pop_front();  // kept once more since: it waits behind those that came meanwhile
    oldest.until_ms = until_ms;
    order_.push_back(oldest);
  }
}

void content_cache::drop_oldest() {
  const auto it = content_.find(order_.front().id);
  bytes_ -= it->second.data.size();
  content_.erase(it);
  order_.pop_front();
}

const blob* content_cache::find(const protocol::digest& id) const {
  const auto it = content_.find(id);
  return it == content_.end() ? nullptr : &it->second.data;
}

}  // namespace datagen
