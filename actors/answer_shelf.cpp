#include "actors/answer_shelf.hpp"

namespace datagen {

void answer_shelf::keep(v1::job_reply answer, std::uint64_t until_ms) {
  const auto& leaf = answer.receipt.content;
  const job_key key{leaf.job, leaf.attempt()};
  const auto size = answer.output.size();
  if (size > bytes_max_ || !all_.emplace(key, entry{std::move(answer), until_ms}).second)
    return;
  bytes_ += size;
  order_.push_back(key);
  while (bytes_ > bytes_max_) {
    release(order_.front());
    order_.pop_front();
  }
}

const v1::job_reply* answer_shelf::find(const job_key& key) const {
  const auto it = all_.find(key);
  return it == all_.end() ? nullptr : &it->second.answer;
}

void answer_shelf::release(const job_key& key) {
  if (const auto node = all_.extract(key))
    bytes_ -= node.mapped().answer.output.size();
}

void answer_shelf::expire(std::uint64_t live_ms) {
  while (!order_.empty()) {
    const auto it = all_.find(order_.front());
    if (it != all_.end() && it->second.until_ms > live_ms)
      return;
    release(order_.front());
    order_.pop_front();
  }
}

}  // namespace datagen
