#include "protocol/consensus/committee.hpp"

namespace datagen::protocol::consensus {

digest committee_digest(std::span<const public_key> authors) {
  return hash("committee", std::vector<public_key>{authors.begin(), authors.end()});
}

std::vector<vertex_ref> genesis_refs(const committee& c) {
  const auto members = committee_digest(c.authors);
  std::vector<vertex_ref> result;
  for (std::size_t a = 0; a < c.size(); ++a) {
    const auto author = static_cast<author_index>(a);
    result.push_back(
      {0, author, hash("genesis-vertex", c.chain, c.epoch, members, c.previous_commit, author)});
  }
  return result;
}

engine_params heavy_params(std::size_t size) {
  engine_params result;
  result.leaders = size <= 4 ? 1 : 2;
  return result;
}

engine_params fast_params(std::size_t size) {
  auto result = heavy_params(size);
  result.wave = 4;
  result.min_round_delay_ms = 10;
  result.wait_all_ms = 50;
  result.idle_ms = 500;
  return result;
}

}  // namespace datagen::protocol::consensus
