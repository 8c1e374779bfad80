#include "protocol/ledger/market.hpp"

#include "protocol/ledger/staking.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

namespace {

constexpr uint128 permille = 1'000;

std::uint64_t at_most_64(uint128 x) {
  return static_cast<std::uint64_t>(std::min<uint128>(x, ~std::uint64_t{0}));
}

std::size_t operators_of(const state& now) {
  std::set<std::uint32_t> result;
  for (const auto& [id, record] : *now.validators)
    if (record.active())
      result.insert(record.operator_id);
  return result.size();
}

/// Units of 10^-9 DG weigh finely enough, and leave room for sums.
uint128 weight_of(amount x) { return x.units / units_per_nano_dg; }

std::optional<std::uint64_t> ask_median(const state& now) {
  std::vector<market_voice> voices;
  for (const auto& [id, record] : *now.validators)
    if (record.active())
      voices.push_back({record.ask, weight_of(record.stake), {}, {}});
  return weighted_median(std::move(voices), 1'000);
}

std::optional<std::uint64_t> bid_median(const state& now) {
  std::vector<market_voice> voices;
  const auto top = range_of(now).high;
  for (const auto& [id, session] : now.sessions->all) {
    auto escrow = session.free;
    for (const auto& [payee, lane] : session.lanes)
      escrow += lane.left();
    if (!session.closed)
      voices.push_back({std::min(session.bid, top), weight_of(escrow), to_hex(session.user), {}});
  }
  return weighted_median(std::move(voices), now.params().market_payer_share_permille);
}

std::optional<std::uint64_t> fill_median(const state& now) {
  std::vector<market_voice> voices;
  for (const auto& [who, fill] : now.market->fills)
    voices.push_back({at_most_64(mul_div(fill.price, 1'000, fill.units)), fill.units,
                      to_hex(who.first), std::to_string(who.second)});
  return weighted_median(std::move(voices), now.params().market_payer_share_permille);
}

/// Where the three kinds of voices pull.
std::optional<std::uint64_t> pulled_to(const state& now) {
  const auto asks = ask_median(now), bids = bid_median(now), fills = fill_median(now);
  if (!asks || !bids || !fills)
    return asks;
  return std::max(std::min(*asks, *bids), std::min(std::max(*asks, *bids), *fills));
}

/// Scales down the weights of those that `name` names and that have more than `most` together.
void limit(std::vector<market_voice>& voices, std::string market_voice::*name, uint128 most) {
  std::map<std::string, uint128> sums;
  for (const auto& x : voices)
    sums[x.*name] += x.weight;
  for (auto& x : voices)
    if (const auto sum = sums.at(x.*name); !(x.*name).empty() && sum > most)
      x.weight = mul_div(x.weight, most, sum);
}

}  // namespace

price_range range_of(const state& now) {
  const uint128 middle = now.market->middle;
  if (middle == 0)
    return {};
  const uint128 band = now.params().market_band_permille;
  return {at_most_64(middle * (permille - band) / permille),
          at_most_64((middle * (permille + band) + permille - 1) / permille)};
}

std::string outside_text(const char* what, std::uint64_t price, const price_range& range) {
  return std::string{what} + " " + std::to_string(price) + " is outside the market range of " +
         std::to_string(range.low) + " to " + std::to_string(range.high) +
         " nDG per 1,000 units";
}

void note_fill(block_scope& b, const account_id& payer, validator_id validator, std::uint64_t price,
               std::uint64_t units) {
  if (units == 0)
    return;
  auto& fill =
    b.now.market.edit().fills[{payer, b.now.validators->at(validator).operator_id}];
  fill.price += price;
  fill.units += units;
}

void run_market(block_scope& b) {
  const auto epoch = b.live_ms() / b.params().epoch_ms;
  if (epoch <= b.now.market->epoch)
    return;
  const auto wanted = pulled_to(b.now);
  const bool open = operators_of(b.now) >= b.params().market_operators_min;
  auto& market = b.now.market.edit();
  market.epoch = epoch;
  market.fills.clear();
  if (!open || !wanted || *wanted == market.middle)
    return;
  const uint128 old = market.middle, step = b.params().market_step_permille;
  market.middle = old == 0 ? *wanted
                           : std::clamp(*wanted, at_most_64(old * (permille - step) / permille),
                                        at_most_64((old * (permille + step) + permille - 1) /
                                                   permille));
  const auto range = range_of(b.now);
  b.announce(happened::market_moved{epoch, range.low, range.high});
}

std::uint64_t first_middle(const state& now) {
  return operators_of(now) < now.params().market_operators_min ? 0 : ask_median(now).value_or(0);
}

std::optional<std::uint64_t> weighted_median(std::vector<market_voice> voices,
                                             std::uint32_t share_permille) {
  uint128 whole = 0;
  for (const auto& x : voices)
    whole += x.weight;
  if (whole == 0)
    return std::nullopt;
  const auto most = std::max<uint128>(1, mul_div(whole, share_permille, permille));
  limit(voices, &market_voice::payer, most);
  limit(voices, &market_voice::operator_name, most);
  std::sort(voices.begin(), voices.end(),
            [](const auto& x, const auto& y) { return x.price < y.price; });
  uint128 total = 0, reached = 0;
  for (const auto& x : voices)
    total += x.weight;
  for (const auto& x : voices)
    if (reached += x.weight; total > 0 && 2 * reached >= total)
      return x.price;
  return std::nullopt;
}

}  // namespace datagen::protocol::ledger
