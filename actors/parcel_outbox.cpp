#include "actors/parcel_outbox.hpp"

#include "messages/chain.hpp"

namespace datagen {

std::size_t weight_of(const caf::message& content) {
  if (content.match_elements<peer, v1::vertex_gossip>())
    return content.get_as<v1::vertex_gossip>(1).vertex.size();
  if (content.match_elements<peer, v1::submit_transaction>())
    return content.get_as<v1::submit_transaction>(1).transaction.size();
  std::size_t result = 0;
  if (content.match_elements<peer, v1::vertices_reply>())
    for (const auto& x : content.get_as<v1::vertices_reply>(1).vertices)
      result += x.size();
  return result;
}

bool parcel_outbox::push(v1::parcel x) {
  const auto weight = weight_of(x.content);
  std::lock_guard lock{mutex_};
  queue_.push_back({std::move(x), weight});
  bytes_ += weight;
  while (queue_.size() > bounds_.parcels_max || (bytes_ > bounds_.bytes_max && queue_.size() > 1)) {
    forget_oldest();
    ++dropped_;
  }
  return !std::exchange(link_knows_, true);
}

std::vector<v1::parcel> parcel_outbox::take(std::size_t parcels_max, std::size_t bytes_max) {
  std::vector<v1::parcel> result;
  std::size_t bytes = 0;
  std::lock_guard lock{mutex_};
  while (!queue_.empty() && result.size() < parcels_max &&
         (result.empty() || bytes + queue_.front().weight <= bytes_max)) {
    bytes += queue_.front().weight;
    result.push_back(std::move(queue_.front().what));
    forget_oldest();
  }
  link_knows_ = !result.empty();
  return result;
}

void parcel_outbox::forget_oldest() {
  bytes_ -= queue_.front().weight;
  queue_.pop_front();
}

std::uint64_t parcel_outbox::dropped() const {
  std::lock_guard lock{mutex_};
  return dropped_;
}

}  // namespace datagen
