#include "protocol/fast/maturity.hpp"

namespace datagen::protocol::fast {

uint128 maturity::at_risk(const account_id& user) const {
  const auto found = by_user_.find(user);
  return found == by_user_.end() ? 0 : found->second;
}

void maturity::add(std::uint64_t checkpoint, const account_id& user, std::uint64_t value) {
  waiting_[checkpoint].values[user] += value;
  by_user_[user] += value;
  total_ += value;
}

void maturity::audit(std::uint64_t checkpoint, const job_id& job, std::uint8_t attempt) {
  if (const auto found = waiting_.find(checkpoint); found != waiting_.end())
    found->second.audits.emplace(job, attempt);
}

void maturity::draw(std::uint64_t checkpoint) {
  if (const auto found = waiting_.find(checkpoint); found != waiting_.end())
    found->second.drawn = true;
  mature();
}

void maturity::decide(const job_id& job, std::uint8_t attempt) {
  for (auto& [checkpoint, leaves] : waiting_)
    leaves.audits.erase({job, attempt});
  mature();
}

void maturity::mature() {
  while (!waiting_.empty() && waiting_.begin()->second.drawn &&
         waiting_.begin()->second.audits.empty()) {
    for (const auto& [user, value] : waiting_.begin()->second.values) {
      total_ -= value;
      if ((by_user_.at(user) -= value) == 0)
        by_user_.erase(user);
    }
    waiting_.erase(waiting_.begin());
  }
}

}  // namespace datagen::protocol::fast
