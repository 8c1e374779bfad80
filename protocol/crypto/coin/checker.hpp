#pragma once
// Who verifies and combines coin shares: on one back end, plainly, or remembering what this process
// has seen. Rules take it as an argument, since they may hold no state of their own.

#include "protocol/crypto/coin/share.hpp"

namespace datagen::protocol {

class coin_checker {
public:
  explicit coin_checker(std::shared_ptr<const coin_group> group = openssl_coin_group())
      : group_(std::move(group)) {}
  virtual ~coin_checker() = default;

  /// As `verify_share`, for the author whose key is `owner`.
  virtual bool check(const coin_point& salt, const coin_point& owner, byte_view alpha,
                     const coin_share& share) const {
    return verify_share(*group_, salt, owner, alpha, share);
  }
  /// As `combine_shares`, of verified shares for `alpha`.
  virtual std::optional<digest> combine(const coin_keys& keys, byte_view,
                                        const numbered_shares& shares) const {
    return combine_shares(*group_, keys, shares);
  }
  const coin_group& group() const { return *group_; }

private:
  std::shared_ptr<const coin_group> group_;
};

}  // namespace datagen::protocol
