#pragma once
// A trusted dealer's sharing (consensus.md section 3.3, stage 1) and the check that anyone makes of
// what it published.

#include "protocol/crypto/coin/share.hpp"

namespace datagen::protocol {

struct coin_dealing {
  coin_keys keys;
  std::vector<coin_scalar> secrets;  ///< By author; each goes to its author alone.
};

/// Shares a secret among `authors`, any `threshold` of whom hold it together. All coefficients come
/// from `seed`, which the dealer must draw at random and forget.
/// @pre 1 <= threshold <= authors
coin_dealing deal(const coin_group& group, std::uint16_t authors, std::uint16_t threshold,
                  const digest& seed);

/// The keys of the polynomial with these coefficients.
coin_dealing deal(const coin_group& group, std::uint16_t authors,
                  std::span<const coin_scalar> polynomial);

/// Do all keys belong to one polynomial of degree threshold - 1, the group's key at 0? (SCRAPE's
/// dual-code test, ACNS 2017, with the random word drawn from the keys themselves.)
bool consistent(const coin_group& group, const coin_keys& keys);

}  // namespace datagen::protocol
