#include "actors/content_cache.hpp"

namespace datagen {

void content_cache::keep(const protocol::digest& id, const blob& data) {
  if (!content_.emplace(id, data).second)
    return;
  order_.push_back(id);
  bytes_ += data.size();
  while (bytes_ > bytes_max_ && order_.size() > 1) {
    const auto it = content_.find(order_.front());
    bytes_ -= it->second.size();
    content_.erase(it);
    order_.pop_front();
  }
}

const blob* content_cache::find(const protocol::digest& id) const {
  const auto it = content_.find(id);
  return it == content_.end() ? nullptr : &it->second;
}

}  // namespace datagen
