#pragma once
// A dishonest author's coin: who would rather not have a draw made keeps its share of it back.

#include "protocol/consensus/coin.hpp"

#include <memory>

namespace datagen {

/// `honest`, but without a share for the draws of audits, checkers and pairings. The leaders' shares
/// it must give: a vertex without its own is refused.
std::shared_ptr<const protocol::consensus::coin_source> bent_coin(
  std::shared_ptr<const protocol::consensus::coin_source> honest);

}  // namespace datagen
