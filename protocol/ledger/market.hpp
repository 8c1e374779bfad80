#pragma once
// The formal price range (R24, R25; protocol.md section 4, market; whitepaper L345): asks outside it
// are refused, and bids below it, with the range in the error. A bid above it is a ceiling that nobody
// may ask for: it hurts no one but counts for no more than the range's top.

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

/// 10^-9 DG per 1,000 units, both ends included.
struct price_range {
  std::uint64_t low = 0;
  std::uint64_t high = ~std::uint64_t{0};
  bool contains(std::uint64_t price) const { return low <= price && price <= high; }
};
price_range range_of(const state& now);
/// "price 7 is outside the market range of 8 to 12 nDG per 1,000 units"
std::string outside_text(const char* what, std::uint64_t price, const price_range& range);

/// A claim matured: `price` (10^-9 DG) was paid for `units`.
void note_fill(block_scope& b, const account_id& payer, validator_id validator, std::uint64_t price,
               std::uint64_t units);
/// At the end of an epoch of live time: the middle moves, by at most `market_step_permille`, towards
/// the median of three: asks by stake, bids by escrow, fills by units, no payer or operator with more
/// than `market_payer_share_permille` of the latter two; towards the asks alone without bids or
/// fills. With fewer than `market_operators_min` operators it stays.
void run_market(block_scope& b);
/// Where a chain's asks put the middle at first; 0 with too few operators.
std::uint64_t first_middle(const state& now);

/// A price and who stands behind it, with its weight.
struct market_voice {
  std::uint64_t price = 0;
  uint128 weight = 0;
  std::string payer;             ///< Whoever it is counted for; nobody when empty.
  std::string operator_name;
};
/// The lowest price at which half of all weight is reached, when no payer and no operator counts for
/// more than `share_permille` of the whole before. @returns nothing without weight
std::optional<std::uint64_t> weighted_median(std::vector<market_voice> voices,
                                             std::uint32_t share_permille);

}  // namespace datagen::protocol::ledger
