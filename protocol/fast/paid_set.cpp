#include "protocol/fast/paid_set.hpp"

namespace datagen::protocol::fast {

bool paid_set::contains(std::uint32_t sequence) const {
  auto after = ranges_.upper_bound(sequence);
  return after != ranges_.begin() && sequence <= std::prev(after)->second;
}

std::uint64_t paid_set::lowest_unpaid() const {
  if (ranges_.empty())
    return 1;
  const auto& [first, last] = *ranges_.begin();
  if (first > 1)
    return 1;
  return static_cast<std::uint64_t>(last) + 1;
}

void paid_set::insert(std::uint32_t sequence) {
  invariant(!contains(sequence), "a job's sequence is marked paid once");
  auto after = ranges_.upper_bound(sequence);
  std::uint32_t last = sequence;
  if (after != ranges_.end() && after->first - 1 == sequence) {
    last = after->second;
    after = ranges_.erase(after);
  }
  if (after != ranges_.begin()) {
    auto before = std::prev(after);
    if (before->second + 1 == sequence) {
      before->second = last;
      return;
    }
  }
  ranges_.emplace(sequence, last);
}

bool paid_set::canonical() const {
  std::optional<std::uint64_t> end;
  for (const auto& [first, last] : ranges_) {
    if (last < first || (end && first <= *end + 1))
      return false;
    end = last;
  }
  return true;
}

}  // namespace datagen::protocol::fast
