#pragma once
// A committee in the middle of its key generation: its keys, what each dealer deals, and who stays
// silent.

#include "protocol/crypto/coin/dkg.hpp"
#include "protocol/crypto/hash.hpp"

namespace datagen::protocol::dkg {

inline const std::vector<std::shared_ptr<const coin_group>> groups{openssl_coin_group(),
                                                                   cryptopp_coin_group()};
inline const auto& fast = *groups[0];
inline const signature_checker signatures;

/// n members and what each dealer would deal.
struct world {
  explicit world(std::uint16_t n, const coin_group& group = fast) {
    c.chain = hash("chain");
    c.epoch = 7;
    for (std::uint16_t i = 0; i < n; ++i) {
      keys.push_back(key_pair::from_secret({hash("member", i).value}));
      c.members.push_back(keys.back().identity);
    }
    c.threshold = static_cast<std::uint16_t>(c.quorum());
    for (std::uint16_t i = 0; i < n; ++i)
      dealt.push_back(deal(group, c, hash("seed", i)));
  }
  signature ack(std::uint16_t dealer, std::uint16_t member) const {
    return sign(keys[member], ack_statement(c, dealer, dealt[dealer].commitments, member));
  }
  /// The dealing of `dealer`, whom the f members behind it did not answer.
  dealing post(std::uint16_t dealer) const {
    dealing d{
      .dealer = dealer, .commitments = dealt[dealer].commitments, .acks = {}, .revealed = {}};
    const auto n = c.size();
    for (std::uint16_t j = 0; j < n; ++j)
      if (const auto behind = (j + n - dealer) % n; behind >= 1 && behind <= c.faults())
        d.revealed.emplace_back(j, dealt[dealer].shares[j]);
      else
        d.acks.emplace_back(j, ack(dealer, j));
    return d;
  }
  /// The first f members never deal; the others' dealings reach the chain in an odd order.
  std::vector<dealing> qual() const {
    std::vector<dealing> result;
    for (auto d = static_cast<std::uint16_t>(c.size()); d-- > c.faults();)
      result.push_back(post(d));
    std::rotate(result.begin(), result.begin() + 1, result.end());
    return result;
  }
  /// What `member` has at hand: its stored share where it acked, the chain's where it did not.
  coin_scalar secret(std::span<const dealing> counted, std::uint16_t member) const {
    std::vector<coin_scalar> shares;
    for (const auto& d : counted)
      shares.push_back(revealed_share(d, member).value_or(dealt[d.dealer].shares[member]));
    return secret_of(shares);
  }

  ceremony c;
  std::vector<key_pair> keys;
  std::vector<secret_dealing> dealt;
};

}  // namespace datagen::protocol::dkg
