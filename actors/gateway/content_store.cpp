#include "actors/gateway/content_store.hpp"

namespace datagen::web {

bool content_store::put(const protocol::digest& id, blob data) {
  if (data.size() > bytes_max_)
    return false;
  if (content_.contains(id))
    return true;
  bytes_ += data.size();
  content_.emplace(id, std::move(data));
  order_.push_back(id);
  while (bytes_ > bytes_max_) {
    const auto it = content_.find(order_.front());
    bytes_ -= it->second.size();
    content_.erase(it);
    order_.pop_front();
  }
  return true;
}

std::optional<blob> content_store::find(const protocol::digest& id) const {
  const auto it = content_.find(id);
  if (it == content_.end())
    return std::nullopt;
  return it->second;
}

}  // namespace datagen::web
