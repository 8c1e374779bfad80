#pragma once
// Coin shares verified and values combined once per process: with all authors in one process each
// of them would otherwise do the same arithmetic. Bounded; remembers successes only.

#include "protocol/crypto/coin/checker.hpp"

#include <mutex>
#include <unordered_map>

namespace datagen {

class coin_cache : public protocol::coin_checker {
public:
  explicit coin_cache(
    std::shared_ptr<const protocol::coin_group> group = protocol::openssl_coin_group(),
    std::size_t entries_max = 1 << 15)
      : coin_checker(std::move(group)), generation_max_(entries_max / 2) {}

  bool check(const protocol::coin_point& salt, const protocol::coin_point& owner,
             protocol::byte_view alpha, const protocol::coin_share& share) const override;
  std::optional<protocol::digest> combine(const protocol::coin_keys& keys,
                                          protocol::byte_view alpha,
                                          const protocol::numbered_shares& shares) const override;

private:
  std::optional<protocol::digest> find(const protocol::digest& name) const;
  void remember(const protocol::digest& name, const protocol::digest& value) const;

  const std::size_t generation_max_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<protocol::digest, protocol::digest> fresh_;
  mutable std::unordered_map<protocol::digest, protocol::digest> older_;  ///< Dropped when full.
};

}  // namespace datagen
