#include "protocol/ledger/beacon.hpp"

namespace datagen::protocol::ledger {

digest development_beacon(const digest& genesis, const digest& block) {
  return hash("dev-beacon", genesis, block);
}

std::vector<std::pair<std::uint64_t, digest>> count_shares(
  block_scope& b, std::span<const consensus::vertex_ptr> vertices) {
  std::set<std::uint64_t> ready;
  for (const auto& vertex : vertices) {
    if (vertex->body.author >= b.rules.heavy.size())
      continue;
    for (const auto height : vertex->body.beacon_shares) {
      const auto request = b.now.clock->requests.find(height);
      if (request == b.now.clock->requests.end() ||
          request->second.shares.contains(vertex->body.author))
        continue;
      auto& shares = b.now.clock.edit().requests.at(height).shares;
      shares.insert(vertex->body.author);
      if (shares.size() >= b.rules.heavy.quorum())
        ready.insert(height);
    }
  }
  std::vector<std::pair<std::uint64_t, digest>> result;
  for (const auto height : ready) {
    auto& requests = b.now.clock.edit().requests;
    result.emplace_back(height, development_beacon(b.rules.genesis, requests.at(height).block));
    requests.erase(height);
  }
  return result;
}

void request_beacon(block_scope& b, const digest& block) {
  b.now.clock.edit().requests.emplace(b.height(), beacon_request{block, {}});
}

}  // namespace datagen::protocol::ledger
