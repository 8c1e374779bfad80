#include "actors/gateway/chain_health.hpp"

namespace datagen::web {

using namespace protocol;

void chain_health::block(std::uint64_t timestamp_ms, const std::vector<std::uint32_t>& authors,
                         std::uint64_t now_ms) {
  newest_timestamp_ms_ = std::max(newest_timestamp_ms_, timestamp_ms);
  newest_came_ms_ = now_ms;
  for (const auto id : authors)
    authors_[id].timestamp_ms = timestamp_ms;
}

void chain_health::answered(std::uint32_t author, std::uint64_t now_ms) {
  authors_[author].answered_ms = now_ms;
}

bool chain_health::is_time_to_ask(std::uint64_t now_ms) {
  const auto patience_ms = window_ms() / 4;
  const auto quiet_since = std::max(newest_came_ms_.value_or(0), asked_ms_.value_or(0));
  if (!newest_came_ms_ || now_ms - quiet_since < patience_ms)
    return false;
  asked_ms_ = now_ms;
  return true;
}

std::optional<std::uint64_t> chain_health::silence_of(std::uint32_t author,
                                                      std::uint64_t now_ms) const {
  const auto it = authors_.find(author);
  if (it == authors_.end())
    return std::nullopt;
  const auto& [timestamp_ms, answered_ms] = it->second;
  std::optional<std::uint64_t> result;
  if (answered_ms)
    result = now_ms - *answered_ms;
  // In the chain's own time as far as it goes: no clock of an author has to agree with ours, and
  // blocks of the past, read at once, do not wake the dead.
  if (timestamp_ms) {
    const auto silent = newest_timestamp_ms_ - *timestamp_ms + (now_ms - *newest_came_ms_);
    result = std::min(result.value_or(silent), silent);
  }
  return result;
}

chain_health::report chain_health::of(const consensus::roster& members,
                                      std::uint64_t now_ms) const {
  report result{.size = members.size(), .quorum = members.quorum()};
  for (const auto id : members.ids) {
    const auto silent = silence_of(id, now_ms);
    if (silent && *silent <= window_ms())
      ++result.alive;
    else
      result.missing.push_back(id);
  }
  result.has_blocks = newest_came_ms_.has_value();
  result.stalled_ms = newest_came_ms_ ? now_ms - *newest_came_ms_ : 0;
  result.is_committing =
    result.has_blocks && result.stalled_ms <= window_ms() && result.alive >= result.quorum;
  return result;
}

}  // namespace datagen::web
