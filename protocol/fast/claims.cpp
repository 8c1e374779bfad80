#include "protocol/fast/claims.hpp"

namespace datagen::protocol::fast {

namespace {

ledger::tx::claim_entry entry_of(session_id session, const sum_frontier& jobs) {
  const auto root = jobs.root();
  return {session, static_cast<std::uint32_t>(jobs.size()), static_cast<std::uint64_t>(root.price),
          root.units, root.hash};
}

struct entry_run {
  std::uint32_t first = 0;
  std::vector<ledger::tx::claim_entry> entries;
};

/// Neighbours in the tree that are still to be paid.
std::vector<entry_run> unpaid_runs(const closed_claims& closed, validator_id validator) {
  std::vector<entry_run> result;
  const auto begin = closed.entries.lower_bound({validator, {}});
  auto index = static_cast<std::uint32_t>(std::distance(closed.entries.begin(), begin));
  bool goes_on = false;
  for (auto x = begin; x != closed.entries.end() && x->first.first == validator; ++x, ++index) {
    const bool unpaid = !closed.paid.contains(x->first);
    if (unpaid && (!goes_on || result.back().entries.size() == ledger::tx::claim_entries_max))
      result.push_back({index, {}});
    if (unpaid)
      result.back().entries.push_back(x->second);
    goes_on = unpaid;
  }
  return result;
}

void add_claims(std::vector<ledger::tx::claim>& result, std::uint64_t epoch,
                const closed_claims& closed, const std::vector<sum_node>& leaves,
                validator_id validator) {
  for (auto& run : unpaid_runs(closed, validator)) {
    const auto first = run.first;
    const auto count = run.entries.size();
    result.push_back(
      {epoch, validator, first, std::move(run.entries), sum_path(leaves, first, count)});
  }
}

}  // namespace

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

std::vector<sum_node> sum_leaves(const std::map<claim_key, ledger::tx::claim_entry>& entries) {
  std::vector<sum_node> result;
  result.reserve(entries.size());
  for (const auto& [key, entry] : entries)
    result.push_back(sum_leaf_of(key.first, entry));
  return result;
}

std::optional<ledger::tx::closed_epoch> close_epoch(state& now, const setting& rules) {
  if (now.epoch_leaves == 0 || claim_epoch_at(rules, now.timestamp_ms) <= now.claim_epoch)
    return std::nullopt;
  closed_claims closed;
  for (const auto& [key, jobs] : now.totals)
    closed.entries.emplace(key, entry_of(key.second, jobs));
  const ledger::tx::closed_epoch result{.epoch = now.claim_epoch,
                                        .entries = static_cast<std::uint32_t>(closed.entries.size()),
                                        .totals = sum_root(sum_leaves(closed.entries))};
  if (!closed.entries.empty())
    now.closed[now.claim_epoch] = std::move(closed);
  if (now.closed.size() > closed_epochs_max)
    now.closed.erase(now.closed.begin());
  now.totals.clear();
  now.total_units = 0;
  now.epoch_leaves = 0;
  return result;
}

std::vector<ledger::tx::claim> claims_of(const state& now, validator_id validator) {
  std::vector<ledger::tx::claim> result;
  for (const auto& [epoch, closed] : now.closed)
    add_claims(result, epoch, closed, sum_leaves(closed.entries), validator);
  return result;
}

std::vector<ledger::tx::claim> unpaid_claims(const state& now, std::uint64_t epoch) {
  std::vector<ledger::tx::claim> result;
  const auto found = now.closed.find(epoch);
  if (found == now.closed.end())
    return result;
  const auto& entries = found->second.entries;
  const auto leaves = sum_leaves(entries);
  for (auto x = entries.begin(); x != entries.end();) {
    const auto validator = x->first.first;
    add_claims(result, epoch, found->second, leaves, validator);
    while (x != entries.end() && x->first.first == validator)
      ++x;
  }
  return result;
}

std::optional<ledger::tx::claim> entry_at(const state& now, std::uint64_t epoch,
                                          std::uint32_t index) {
  const auto found = now.closed.find(epoch);
  if (found == now.closed.end() || index >= found->second.entries.size())
    return std::nullopt;
  const auto& [owner, entry] = *std::next(found->second.entries.begin(), index);
  return ledger::tx::claim{epoch, owner.first, index, {entry},
                           sum_path(sum_leaves(found->second.entries), index)};
}

std::optional<ledger::tx::claim> entry_of(const state& now, std::uint64_t epoch,
                                          const claim_key& owner) {
  const auto found = now.closed.find(epoch);
  if (found == now.closed.end())
    return std::nullopt;
  const auto& entries = found->second.entries;
  const auto entry = entries.find(owner);
  if (entry == entries.end())
    return std::nullopt;
  return entry_at(now, epoch, static_cast<std::uint32_t>(std::distance(entries.begin(), entry)));
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
