#pragma once
// A group for the coin of a scenario in place of P-256: of the same order, with the same encodings,
// a hundred times cheaper. A point is its logarithm, enciphered under a key that only the harness
// holds (Shoup's generic group, Eurocrypt 1997): who lacks that key can add and compare points and
// nothing else, so shares, proofs and ceremonies mean what they mean on the curve.

#include "tools/scenario/siphash.hpp"

#include "protocol/crypto/coin/group.hpp"

namespace datagen::scenario {

std::shared_ptr<const protocol::coin_group> simulated_coin_group(std::uint64_t seed);

}  // namespace datagen::scenario
