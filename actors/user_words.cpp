#include "actors/user_words.hpp"

namespace datagen {

using namespace protocol;

void user_words::keep(const acknowledgement& said, std::uint64_t until_ms) {
  const job_key key{said.job, said.attempt};
  if (!all_.try_emplace(key, word{said, until_ms}).second)
    return;
  order_.push_back(key);
  if (order_.size() > words_max_) {
    all_.erase(order_.front());
    order_.pop_front();
  }
}

const acknowledgement* user_words::find(const job_key& key) const {
  const auto it = all_.find(key);
  return it == all_.end() ? nullptr : &it->second.said;
}

/// Deadlines follow in about the order in which the words came.
void user_words::expire(std::uint64_t live_ms) {
  while (!order_.empty() && all_.at(order_.front()).until_ms < live_ms) {
    all_.erase(order_.front());
    order_.pop_front();
  }
}

}  // namespace datagen
