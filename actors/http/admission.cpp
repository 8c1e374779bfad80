#include "actors/http/admission.hpp"

#include <algorithm>

namespace datagen::http {

admission::verdict admission::enter(const std::string& address, bool exempt) {
  std::lock_guard lock{mutex_};
  if (connections_ >= limits_.connections_max)
    return verdict::full;
  if (!exempt) {
    auto& count = by_address_[address];
    if (count >= limits_.connections_per_address_max)
      return verdict::address_full;
    ++count;
  }
  ++connections_;
  return verdict::admitted;
}

void admission::leave(const std::string& address, bool exempt) {
  std::lock_guard lock{mutex_};
  --connections_;
  if (exempt)
    return;
  if (auto found = by_address_.find(address); --found->second == 0)
    by_address_.erase(found);
}

std::size_t admission::connections() const {
  std::lock_guard lock{mutex_};
  return connections_;
}

std::uint64_t admission::refilled(const budget& b, moment now) const {
  const auto passed_ms =
    std::chrono::duration_cast<std::chrono::milliseconds>(now - b.updated).count();
  const auto grown = b.milli + static_cast<std::uint64_t>(std::max<std::int64_t>(passed_ms, 0)) *
                                 limits_.cost_per_second;
  return std::min<std::uint64_t>(grown, std::uint64_t{limits_.cost_burst} * 1000);
}

void admission::forget_full(moment now) {
  std::erase_if(budgets_, [&](const auto& entry) {
    return refilled(entry.second, now) == std::uint64_t{limits_.cost_burst} * 1000;
  });
}

std::optional<std::uint64_t> admission::spend(const std::string& address, std::uint32_t cost,
                                              moment now) {
  std::lock_guard lock{mutex_};
  const auto per_second = std::max<std::uint64_t>(limits_.cost_per_second, 1) * 1000;
  if (!budgets_.contains(address) && budgets_.size() >= budgets_max) {
    forget_full(now);
    if (budgets_.size() >= budgets_max)
      return 1;  // more spenders than we remember: newcomers wait
  }
  auto& b = budgets_.try_emplace(address, budget{std::uint64_t{limits_.cost_burst} * 1000, now})
              .first->second;
  b.milli = refilled(b, now);
  b.updated = now;
  const auto milli = std::uint64_t{cost} * 1000;
  if (b.milli < milli)
    return (milli - b.milli + per_second - 1) / per_second;
  b.milli -= milli;
  return std::nullopt;
}

bool admission::reserve(std::uint64_t bytes) {
  std::lock_guard lock{mutex_};
  if (bytes_in_flight_ + bytes > limits_.bytes_in_flight_max)
    return false;
  bytes_in_flight_ += bytes;
  return true;
}

void admission::release(std::uint64_t bytes) {
  std::lock_guard lock{mutex_};
  bytes_in_flight_ -= bytes;
}

}  // namespace datagen::http
