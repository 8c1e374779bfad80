#pragma once
// The real coin (consensus.md section 3): threshold shares on P-256 under the committee's keys.

#include "protocol/consensus/coin.hpp"
#include "protocol/crypto/coin/checker.hpp"

namespace datagen::protocol::consensus {

class threshold_coin final : public coin_source {
public:
  /// @param secret this author's; nothing for whoever only checks
  /// @param hedge unpredictable bytes that go into every nonce (3.1)
  threshold_coin(const roster& members, std::shared_ptr<const coin_checker> checker,
                 std::optional<coin_scalar> secret = {}, const digest& hedge = {});

  /// @pre the secret is here
  bytes share(coin_domain domain, std::uint64_t index) const override;
  bool valid(author_index author, coin_domain domain, std::uint64_t index,
             byte_view share) const override;
  digest value(coin_domain domain, std::uint64_t index, const named_shares& shares) const override;

private:
  bytes input(coin_domain domain, std::uint64_t index) const;

  chain_id chain_;
  std::uint32_t epoch_;
  coin_keys keys_;
  std::shared_ptr<const coin_checker> checker_;
  std::optional<coin_scalar> secret_;
  digest hedge_;
};

}  // namespace datagen::protocol::consensus
