#pragma once
// The threshold coin (consensus.md section 3.1): Cachin-Kursawe-Shoup shares (PODC 2000) whose
// proofs have the form of RFC 9381, suite ECVRF-P256-SHA256-TAI, with the group's key as salt.
// Any t valid shares give the same value; fewer tell nothing.

#include "protocol/codec.hpp"
#include "protocol/crypto/coin/group.hpp"

namespace datagen::protocol {

/// What everybody knows of a sharing: who holds which share, and how many make the value.
struct coin_keys {
  coin_point group;                ///< x G, x the shared secret.
  std::vector<coin_point> shares;  ///< x_i G, by author.
  std::uint16_t threshold = 0;
  friend bool operator==(const coin_keys&, const coin_keys&) = default;
};
template <class Archive>
void describe(Archive& ar, coin_keys& x) {
  ar(x.group, x.shares, x.threshold);
}

/// One author's share with the proof that it is the right one (RFC 9381 section 5.5).
struct coin_share {
  coin_point gamma;
  std::array<std::uint8_t, 16> challenge{};
  coin_scalar response;
  friend bool operator==(const coin_share&, const coin_share&) = default;
};
inline constexpr std::size_t coin_share_bytes = 33 + 16 + 32;
/// Gamma || c || s, as RFC 9381 writes a proof.
bytes to_bytes(const coin_share& x);
std::optional<coin_share> coin_share_from(byte_view raw);

/// What is drawn: domain ("coin", "beacon"), chain, epoch, index.
bytes coin_input(std::string_view domain, const chain_id& chain, std::uint32_t epoch,
                 std::uint64_t index);

/// RFC 9381 section 5.4.1.1: the point of `alpha` under `salt`. @pre salt is a valid point
coin_point coin_hash_to_curve(const coin_group& group, const coin_point& salt, byte_view alpha);

/// The share of `secret` for `alpha`. The nonce is RFC 6979's, hedged with `entropy`, which may be
/// empty. @pre secret is reduced and not 0
coin_share make_share(const coin_group& group, const coin_point& salt, const coin_scalar& secret,
                      byte_view alpha, byte_view entropy);

/// Strict: points on the curve and canonical, response below N, proof right.
bool verify_share(const coin_group& group, const coin_point& salt, const coin_point& owner,
                  byte_view alpha, const coin_share& share);

/// Shares by author.
using numbered_shares = std::vector<std::pair<std::uint16_t, coin_share>>;

/// The value from `keys.threshold` shares by author, which must be verified: the first ones count.
/// @returns nothing for too few.
std::optional<digest> combine_shares(const coin_group& group, const coin_keys& keys,
                                     const numbered_shares& shares);

/// RFC 9381 section 5.2: the value that a Gamma stands for.
digest coin_value(const coin_point& gamma);

}  // namespace datagen::protocol
