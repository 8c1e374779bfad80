#include "actors/link/outbox.hpp"

#include <utility>

namespace datagen::link {

outbox::pushed outbox::push(protocol::bytes message) {
  pushed result;
  std::lock_guard lock{mutex_};
  bytes_ += message.size() + overhead;
  queue_.push_back(std::move(message));
  while (bytes_ > bytes_max_ && queue_.size() > 1) {
    bytes_ -= queue_.front().size() + overhead;
    queue_.pop_front();
    ++result.dropped;
  }
  result.wake = !std::exchange(link_knows_, true);
  return result;
}

std::optional<protocol::bytes> outbox::pop() {
  std::lock_guard lock{mutex_};
  link_knows_ = !queue_.empty();
  if (queue_.empty())
    return std::nullopt;
  auto result = std::move(queue_.front());
  queue_.pop_front();
  bytes_ -= result.size() + overhead;
  return result;
}

std::size_t outbox::bytes() const {
  std::lock_guard lock{mutex_};
  return bytes_;
}

}  // namespace datagen::link
