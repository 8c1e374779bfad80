#include "tools/scenario/simulated_crypto.hpp"

#include "actors/coin_cache.hpp"

namespace datagen::scenario {

void simulated_crypto::equip(cluster_config& config) const {
  for (auto* pairs : {&config.hosted.authors, &config.hosted.validators})
    for (auto& [id, pair] : *pairs)
      pair = keep(pair);
  config.signatures = signatures_;
  config.coins = std::make_shared<coin_cache>(group_);
}

}  // namespace datagen::scenario
