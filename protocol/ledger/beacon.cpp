#include "protocol/ledger/beacon.hpp"

namespace datagen::protocol::ledger {

namespace {

digest value_of(const block_scope& b, std::uint64_t height) {
  consensus::named_shares shares;
  for (const auto& [author, share] : b.now.clock->requests.at(height).shares)
    shares.emplace_back(author, share);
  return b.rules.coin->value(consensus::coin_domain::audits, height, shares);
}

}  // namespace

std::vector<std::pair<std::uint64_t, digest>> count_shares(
  block_scope& b, std::span<const consensus::vertex_ptr> vertices) {
  std::set<std::uint64_t> ready;
  for (const auto& vertex : vertices) {
    if (vertex->body.author >= b.rules.heavy.size())
      continue;
    for (const auto& [height, share] : vertex->body.beacon_shares) {
      const auto request = b.now.clock->requests.find(height);
      if (request == b.now.clock->requests.end() ||
          request->second.shares.contains(vertex->body.author))
        continue;
      auto& shares = b.now.clock.edit().requests.at(height).shares;
      shares.emplace(vertex->body.author, share);
      if (shares.size() >= b.rules.heavy.quorum())
        ready.insert(height);
    }
  }
  std::vector<std::pair<std::uint64_t, digest>> result;
  for (const auto height : ready) {
    result.emplace_back(height, value_of(b, height));
    b.now.clock.edit().requests.erase(height);
  }
  return result;
}

void request_beacon(block_scope& b) {
  b.now.clock.edit().requests.emplace(b.height(), beacon_request{});
}

}  // namespace datagen::protocol::ledger
