#pragma once
// All that a run with `crypto = "simulated"` has in place of Ed25519 and P-256.

#include "tools/scenario/simulated_coin.hpp"
#include "tools/scenario/simulated_signatures.hpp"

#include "actors/node/cluster.hpp"

namespace datagen::scenario {

class simulated_crypto {
public:
  explicit simulated_crypto(std::uint64_t seed)
      : signatures_(std::make_shared<simulated_signatures>(seed)),
        group_(simulated_coin_group(seed)) {}

  /// Of the genesis' coins.
  const std::shared_ptr<const protocol::coin_group>& group() const { return group_; }
  protocol::key_pair keep(const protocol::key_pair& pair) const { return signatures_->keep(pair); }
  /// Makes everybody hosted there sign, check and draw here.
  void equip(cluster_config& config) const;

private:
  std::shared_ptr<simulated_signatures> signatures_;
  std::shared_ptr<const protocol::coin_group> group_;
};

}  // namespace datagen::scenario
