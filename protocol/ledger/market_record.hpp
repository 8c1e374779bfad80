#pragma once
// What the market has shown in the running epoch, and the range that followed from earlier ones
// (R24; protocol.md section 4, market). Prices are 10^-9 DG per 1,000 units.

#include "protocol/codec.hpp"

namespace datagen::protocol::ledger {

struct market_fill {
  uint128 price = 0;  ///< 10^-9 DG, paid for all its units.
  uint128 units = 0;
};
template <class Archive>
void describe(Archive& ar, market_fill& x) { ar(x.price, x.units); }

/// Payer and operator.
using market_pair = std::pair<account_id, std::uint32_t>;

struct market_section {
  std::uint64_t epoch = 0;   ///< Whole epochs of live time that are counted.
  std::uint64_t middle = 0;  ///< Of the range; 0 while there is none: every price is in it.
  std::map<market_pair, market_fill> fills;  ///< Matured in the running epoch.
};
template <class Archive>
void describe(Archive& ar, market_section& x) { ar(x.epoch, x.middle, x.fills); }

}  // namespace datagen::protocol::ledger
