#pragma once
// The first committees of both chains (consensus.md section 2.13), the same for whoever runs,
// certifies or checks them.

#include "protocol/chain/genesis.hpp"
#include "protocol/consensus/committee.hpp"

namespace datagen::protocol {

inline consensus::committee heavy_committee(const genesis& x) {
  return {heavy_chain_id(x), 0, x.heavy_authors, digest_of(x), x.time_ms, x.heavy_coin};
}

/// How many validators author the Fast Chain.
inline std::size_t fast_committee_size(const genesis& x) {
  return std::min<std::size_t>(x.validators.size(), x.params.fast_committee_max);
}

/// The first `fast_committee_max` genesis validators, in the order of ids.
inline consensus::committee fast_committee(const genesis& x) {
  consensus::committee result{fast_chain_id(x), 0, {}, digest_of(x), x.time_ms, x.fast_coin};
  for (const auto& validator : x.validators)
    if (result.authors.size() < x.params.fast_committee_max)
      result.authors.push_back(validator.key);
  return result;
}

}  // namespace datagen::protocol
