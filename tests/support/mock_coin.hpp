#pragma once
// A coin for tests: shares and values are hashes that anyone can compute, checked as real ones are.

#include "protocol/consensus/coin.hpp"
#include "protocol/crypto/coin/checker.hpp"

namespace datagen::test_support {

class mock_coin : public protocol::consensus::coin_source {
  using author_index = protocol::consensus::author_index;
  using coin_domain = protocol::consensus::coin_domain;

public:
  explicit mock_coin(const protocol::digest& seed = {}, author_index self = 0)
      : seed_(seed), self_(self) {}

  protocol::bytes share(coin_domain domain, std::uint64_t index) const override {
    return share_of(self_, domain, index);
  }
  bool valid(author_index author, coin_domain domain, std::uint64_t index,
             protocol::byte_view share) const override {
    return std::ranges::equal(share_of(author, domain, index), share);
  }
  protocol::digest value(coin_domain domain, std::uint64_t index,
                         const protocol::consensus::named_shares&) const override {
    return protocol::hash("mock-value", seed_, domain, index);
  }

private:
  protocol::bytes share_of(author_index author, coin_domain domain, std::uint64_t index) const {
    const auto x = protocol::hash("mock-share", seed_, author, domain, index);
    return {x.value.begin(), x.value.begin() + 8};
  }
  protocol::digest seed_;
  author_index self_;
};

/// The same for rules that are given a checker: any shares make the hash of what is drawn for.
struct mock_coin_checker : protocol::coin_checker {
  bool check(const protocol::coin_point&, const protocol::coin_point&, protocol::byte_view,
             const protocol::coin_share&) const override {
    return true;
  }
  std::optional<protocol::digest> combine(const protocol::coin_keys&, protocol::byte_view alpha,
                                          const protocol::numbered_shares&) const override {
    return protocol::hash("mock-value", protocol::sha256(alpha));
  }
  static protocol::bytes share(protocol::consensus::author_index author) {
    return protocol::bytes(protocol::coin_share_bytes, static_cast<std::uint8_t>(author));
  }
};

}  // namespace datagen::test_support
