#pragma once
// Distributed generation of an epoch's coin key (consensus.md section 3.3, stage 2): each member
// deals a random polynomial with Feldman's commitments (FOCS 1987), collects acknowledgements and
// posts them with the shares of those who stayed silent. Everybody reads the key off the first
// n - f valid dealings in the chain's order: no timeouts, no complaints (Das et al., "VSS with
// acks, reveal the rest").
//
// Secrecy: f corrupt members and f revealed shares are 2f < t points of a polynomial of degree
// t - 1. Knowledge: at least n - f >= t honest members hold or read a share, so that a valid
// dealing's polynomial is known and no dealer can answer to the others' keys (no rogue keys).

#include "protocol/crypto/coin/share.hpp"
#include "protocol/crypto/sign.hpp"

namespace datagen::protocol::dkg {

/// One generation. Everything in it is signed with every acknowledgement.
struct ceremony {
  protocol::chain_id chain{};
  std::uint32_t epoch = 0;          ///< Whose key it makes.
  std::vector<public_key> members;  ///< That epoch's committee; the index is a member's name.
  std::uint16_t threshold = 0;      ///< t: 2f < t <= n - f; consensus.md takes t = n - f.

  std::size_t size() const { return members.size(); }
  std::size_t faults() const { return (size() - 1) / 3; }   ///< f
  std::size_t quorum() const { return size() - faults(); }  ///< n - f
};
template <class Archive>
void describe(Archive& ar, ceremony& x) {
  ar(x.chain, x.epoch, x.members, x.threshold);
}

/// What a dealer makes of its seed. Each share goes to its member alone, sealed; none is kept once
/// the dealing is on the chain.
struct secret_dealing {
  std::vector<coin_point> commitments;  ///< C_k = a_k G, the constant term first.
  std::vector<coin_scalar> shares;      ///< s_j = P(j + 1), by member.
};

/// A polynomial of degree t - 1 that only `seed` and the ceremony determine. The dealer draws the
/// seed at random, for one ceremony, and forgets it with the shares. @pre as for `check`
secret_dealing deal(const coin_group& group, const ceremony& c, const digest& seed);

/// Is `share` the value at `member` + 1 of the polynomial behind `commitments`, reduced and not 0?
/// (An honest dealer deals 0 with chance 2^-256.) That there are t commitments is the caller's to
/// ask first: `check` will refuse any other number.
bool share_fits(const coin_group& group, std::span<const coin_point> commitments,
                std::uint16_t member, const coin_scalar& share);

/// What `member` signs once it has checked its share and stored it: never for two different
/// polynomials of one dealer, since it must keep the share that the chain will count.
bytes ack_statement(const ceremony& c, std::uint16_t dealer,
                    std::span<const coin_point> commitments, std::uint16_t member);

/// The context under which `dealer` seals `member`'s share (box.hpp). It names the polynomial, so
/// that a dealer who starts again never seals two shares under one key.
bytes share_context(const ceremony& c, std::uint16_t dealer,
                    std::span<const coin_point> commitments, std::uint16_t member);

/// What goes to the chain. That `dealer` itself posts it is for the ledger to check.
struct dealing {
  std::uint16_t dealer = 0;
  std::vector<coin_point> commitments;
  std::vector<std::pair<std::uint16_t, signature>> acks;        ///< Members ascend strictly.
  std::vector<std::pair<std::uint16_t, coin_scalar>> revealed;  ///< All others, likewise.
  friend bool operator==(const dealing&, const dealing&) = default;
};
template <class Archive>
void describe(Archive& ar, dealing& x) {
  ar(x.dealer, x.commitments, x.acks, x.revealed);
}

/// Numbers are logged: append, never renumber.
enum class [[nodiscard]] dealing_check : std::uint8_t{
  ok = 0,
  unknown_dealer = 1,
  wrong_degree = 2,       ///< Exactly t commitments.
  too_few_acks = 3,       ///< 3.3 stage 2.3: n - f, so that at most f shares are revealed.
  members_unordered = 4,  ///< Acks and revealed shares each ascend strictly: none counts twice.
  unknown_member = 5,
  acked_and_revealed = 6,  ///< A share is revealed only where its member stayed silent.
  member_left_out = 7,     ///< Neither acked nor revealed: it could not make its share.
  share_not_reduced = 8,   ///< One encoding per number.
  bad_commitment = 9,      ///< Not a point's only encoding.
  bad_ack = 10,            ///< Strict Ed25519 over `ack_statement`.
  wrong_share = 11,        ///< A revealed share that does not fit the commitments.
};

/// Checks everything but who posted it; first failing rule wins, cheap ones first.
/// @pre 2f < c.threshold <= n - f
dealing_check check(const coin_group& group, const ceremony& c, const dealing& d,
                    const signature_checker& signatures);

/// `member`'s share, where the dealing reveals it.
std::optional<coin_scalar> revealed_share(const dealing& d, std::uint16_t member);

/// The keys that `qual` makes: the first n - f dealings, in the chain's order and by distinct
/// dealers, for which `check` says ok. @returns nothing for another number of dealings, for a
/// dealer who occurs twice, and where a key would be infinity (chance 2^-256). @pre as for `check`
std::optional<coin_keys> keys_of(const coin_group& group, const ceremony& c,
                                 std::span<const dealing> qual);

/// A member's secret from its shares of exactly those dealings, in any order.
coin_scalar secret_of(std::span<const coin_scalar> shares);

}  // namespace datagen::protocol::dkg
