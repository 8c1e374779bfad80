#include "protocol/ledger/beacon.hpp"

#include "protocol/consensus/threshold_coin.hpp"

namespace datagen::protocol::ledger {

namespace {

digest value_of(const block_scope& b, std::uint64_t height, const beacon_request& request) {
  consensus::named_shares shares;
  for (const auto& [author, share] : request.shares)
    shares.emplace_back(author, share);
  const consensus::threshold_coin coin(b.now.committees->heavy.now, b.rules.coins);
  return coin.value(consensus::coin_domain::audits, height, shares);
}

/// Counts one share. @returns true when the request has a quorum now
bool count(block_scope& b, consensus::author_index author, const consensus::beacon_share& x) {
  const auto known = b.now.clock->requests.find(x.height);
  if (known == b.now.clock->requests.end() || known->second.shares.contains(author))
    return false;
  auto& shares = b.now.clock.edit().requests.at(x.height).shares;
  shares.emplace(author, x.share);
  return shares.size() >= b.now.committees->heavy.now.quorum();
}

}  // namespace

std::vector<std::pair<std::uint64_t, digest>> count_shares(
  block_scope& b, std::span<const consensus::vertex_ptr> vertices) {
  const auto& members = b.now.committees->heavy.now;
  std::set<std::uint64_t> ready;
  for (const auto& vertex : vertices) {
    if (vertex->body.epoch != members.epoch || vertex->body.author >= members.size())
      continue;
    for (const auto& x : vertex->body.beacon_shares)
      if (count(b, vertex->body.author, x))
        ready.insert(x.height);
  }
  std::vector<std::pair<std::uint64_t, digest>> result;
  for (const auto height : ready) {
    const auto request = b.now.clock.edit().requests.extract(height);
    const auto value = value_of(b, height, request.mapped());
    result.emplace_back(height, value);
    for (const auto old : request.mapped().reopened)
      result.emplace_back(old, hash("beacon-reopened", value, old));
  }
  return result;
}

void request_beacon(block_scope& b) {
  auto& clock = b.now.clock.edit();
  clock.requests.emplace(b.height(),
                         beacon_request{.reopened = std::exchange(clock.unanswered, {})});
}

}  // namespace datagen::protocol::ledger
