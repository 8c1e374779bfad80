#pragma once
// Receipts of the leaves ordered last, for users that were given none (protocol.md section 2, step 9):
// the state keeps them only until their draw.

#include "protocol/job/job.hpp"

#include <deque>
#include <map>
#include <optional>

namespace datagen {

class receipt_memory {
public:
  explicit receipt_memory(std::size_t receipts_max = 1u << 14) : receipts_max_(receipts_max) {}

  /// @returns whether it was unknown
  bool keep(const protocol::receipt& x) {
    const key name{x.content.job, x.content.attempt()};
    if (!all_.try_emplace(name, x).second)
      return false;
    order_.push_back(name);
    if (order_.size() > receipts_max_) {
      all_.erase(order_.front());
      order_.pop_front();
    }
    return true;
  }
  std::optional<protocol::receipt> find(const protocol::job_id& job, std::uint8_t attempt) const {
    const auto it = all_.find({job, attempt});
    return it == all_.end() ? std::nullopt : std::optional{it->second};
  }
  std::size_t size() const { return all_.size(); }

private:
  using key = std::pair<protocol::job_id, std::uint8_t>;
  std::size_t receipts_max_;
  std::map<key, protocol::receipt> all_;
  std::deque<key> order_;  ///< As they were ordered: the oldest go first.
};

}  // namespace datagen
