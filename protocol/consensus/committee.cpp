#include "protocol/consensus/committee.hpp"

#include <algorithm>

namespace datagen::protocol::consensus {

std::optional<author_index> roster::index_of(std::uint32_t id) const {
  const auto found = std::find(ids.begin(), ids.end(), id);
  if (found == ids.end())
    return std::nullopt;
  return static_cast<author_index>(found - ids.begin());
}

digest digest_of(const roster& x) { return hash("roster", x); }

std::vector<vertex_ref> genesis_refs(const committee& c) {
  const auto members = digest_of(c);
  std::vector<vertex_ref> result;
  for (std::size_t a = 0; a < c.size(); ++a) {
    const auto author = static_cast<author_index>(a);
    result.push_back(
      {0, author, hash("genesis-vertex", members, c.previous_commit, author)});
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
