#include "protocol/fast/claims.hpp"

namespace datagen::protocol::fast {

std::uint64_t claim_epoch_at(const setting& rules, std::uint64_t timestamp_ms) {
  return timestamp_ms <= rules.genesis_time_ms
           ? 0
           : (timestamp_ms - rules.genesis_time_ms) / rules.params.epoch_ms;
}

void open_epoch(state& now, const setting& rules) {
  const auto epoch = claim_epoch_at(rules, now.timestamp_ms);
  if (now.epoch_leaves == 0 && epoch > now.claim_epoch)
    now.claim_epoch = epoch;
}

std::vector<sum_node> sum_leaves(const claim_totals& entries) {
  std::vector<sum_node> result;
  result.reserve(entries.size());
  for (const auto& [key, total] : entries)
    result.push_back(
      sum_leaf(ledger::tx::claim_key(key.first, key.second), total.price, total.units));
  return result;
}

std::optional<ledger::tx::closed_epoch> close_epoch(state& now, const setting& rules) {
  if (now.epoch_leaves == 0 || claim_epoch_at(rules, now.timestamp_ms) <= now.claim_epoch)
    return std::nullopt;
  const ledger::tx::closed_epoch result{.epoch = now.claim_epoch,
                                        .entries = static_cast<std::uint32_t>(now.totals.size()),
                                        .totals = sum_root(sum_leaves(now.totals))};
  if (!now.totals.empty())
    now.closed[now.claim_epoch].entries = std::move(now.totals);
  if (now.closed.size() > closed_epochs_max)
    now.closed.erase(now.closed.begin());
  now.totals.clear();
  now.total_units = 0;
  now.epoch_leaves = 0;
  return result;
}

std::vector<ledger::tx::claim> claims_of(const state& now, validator_id validator) {
  std::vector<ledger::tx::claim> result;
  for (const auto& [epoch, closed] : now.closed) {
    const auto first = closed.entries.lower_bound({validator, {}});
    if (first == closed.entries.end() || first->first.first != validator)
      continue;
    const auto leaves = sum_leaves(closed.entries);
    auto index = static_cast<std::uint32_t>(std::distance(closed.entries.begin(), first));
    for (auto x = first; x != closed.entries.end() && x->first.first == validator; ++x, ++index)
      if (!closed.paid.contains(x->first))
        result.push_back({.epoch = epoch,
                          .index = index,
                          .validator = validator,
                          .session = x->first.second,
                          .price = x->second.price,
                          .units = x->second.units,
                          .path = sum_path(leaves, index)});
  }
  return result;
}

void apply_paid(state& now, const ledger::happened::claim_paid& x) {
  const auto found = now.closed.find(x.epoch);
  if (found == now.closed.end() || !found->second.entries.contains({x.validator, x.session}))
    return;
  auto& closed = found->second;
  closed.paid.insert({x.validator, x.session});
  if (closed.paid.size() == closed.entries.size())
    now.closed.erase(found);
}

}  // namespace datagen::protocol::fast
