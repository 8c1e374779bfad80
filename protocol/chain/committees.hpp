#pragma once
// The first committees of both chains (consensus.md section 2.13), the same for whoever runs,
// certifies or checks them.

#include "protocol/chain/genesis.hpp"
#include "protocol/consensus/committee.hpp"

namespace datagen::protocol {

/// Genesis' authors, in the order of ids.
inline consensus::roster heavy_roster(const genesis& x) {
  consensus::roster result{heavy_chain_id(x), 0, {}, {}, x.heavy_coin};
  for (std::uint32_t i = 0; i < x.heavy_authors.size(); ++i) {
    result.authors.push_back(x.heavy_authors[i].key);
    result.ids.push_back(i);
  }
  return result;
}

/// How many validators author the Fast Chain.
inline std::size_t fast_committee_size(const genesis& x) {
  return std::min<std::size_t>(x.validators.size(), x.params.fast_committee_max);
}

/// The first `fast_committee_max` genesis validators, in the order of ids.
inline consensus::roster fast_roster(const genesis& x) {
  consensus::roster result{fast_chain_id(x), 0, {}, {}, x.fast_coin};
  for (std::uint32_t i = 0; i < fast_committee_size(x); ++i) {
    result.authors.push_back(x.validators[i].key);
    result.ids.push_back(i);
  }
  return result;
}

inline consensus::committee heavy_committee(const genesis& x) {
  return {heavy_roster(x), digest_of(x), x.time_ms};
}
inline consensus::committee fast_committee(const genesis& x) {
  return {fast_roster(x), digest_of(x), x.time_ms};
}

}  // namespace datagen::protocol
