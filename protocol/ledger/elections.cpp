#include "protocol/ledger/elections.hpp"

#include "protocol/audit/draw.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

namespace {

/// The roster that follows `now` with the members `ids` of `registry`, in their order.
template <class Registry, class Id>
consensus::roster roster_after(const consensus::roster& now, const Registry& registry,
                               const std::vector<Id>& ids) {
  consensus::roster result{.chain = now.chain, .epoch = now.epoch + 1};
  for (const auto id : ids) {
    result.authors.push_back(registry.at(id).key);
    result.ids.push_back(id.value);
  }
  return result;
}

/// The highest stakes first, the lower id on a tie; then in the order of ids.
std::vector<author_id> heavy_choice(const block_scope& b) {
  std::vector<std::pair<amount, author_id>> ranked;
  for (const auto& [id, record] : *b.now.authors)
    if (record.active() && record.stake >= b.params().author_minimum_stake)
      ranked.emplace_back(record.stake, id);
  std::sort(ranked.begin(), ranked.end(), [](const auto& x, const auto& y) {
    return x.first != y.first ? x.first > y.first : x.second < y.second;
  });
  ranked.resize(std::min<std::size_t>(ranked.size(), b.params().heavy_committee_max));
  std::vector<author_id> result;
  for (const auto& [stake, id] : ranked)
    result.push_back(id);
  std::sort(result.begin(), result.end());
  return result;
}

std::map<validator_id, amount> fast_candidates(const block_scope& b) {
  std::map<validator_id, amount> result;
  for (const auto& [id, record] : *b.now.validators)
    if (record.active())
      result.emplace(id, record.stake);
  return result;
}

/// A ceremony among the same members goes on: its members have acknowledged shares, and would not
/// acknowledge others of the same dealers for the same epoch.
void elect(block_scope& b, chain_committees& chain, consensus::roster next) {
  if (chain.next && chain.next->next == next)
    return;
  chain.next = successor{.next = std::move(next), .elected_height = b.height()};
  b.announce(happened::committee_elected{chain.next->next});
}

bool is_due(const block_scope& b, const chain_committees& chain) {
  return b.live_ms() >= chain.elect_ms && !(chain.next && chain.next->ready_height);
}

void elect_heavy(block_scope& b) {
  auto& chain = b.now.committees.edit().heavy;
  chain.elect_ms = b.live_ms() + b.params().committee_term_ms;
  const auto ids = heavy_choice(b);
  if (ids.size() >= committee_min)
    elect(b, chain, roster_after(chain.now, *b.now.authors, ids));
}

void elect_fast(block_scope& b) {
  auto& chain = b.now.committees.edit().fast;
  chain.elect_ms = b.live_ms() + b.params().committee_term_ms;
  auto stakes = fast_candidates(b);
  if (stakes.size() < committee_min)
    return;
  if (stakes.size() > b.params().fast_committee_max) {
    chain.drawing = frozen_candidates{b.height(), std::move(stakes)};
    b.wants_beacon = true;
    return;
  }
  std::vector<validator_id> all;
  for (const auto& [id, stake] : stakes)
    all.push_back(id);
  elect(b, chain, roster_after(chain.now, *b.now.validators, all));
}

}  // namespace

void run_elections(block_scope& b) {
  if (is_due(b, b.now.committees->heavy))
    elect_heavy(b);
  if (is_due(b, b.now.committees->fast))
    elect_fast(b);
}

void draw_committees(block_scope& b, std::uint64_t height, const digest& beacon) {
  const auto& known = b.now.committees->fast;
  if (!known.drawing || known.drawing->height != height)
    return;
  auto& chain = b.now.committees.edit().fast;
  const auto frozen = *std::exchange(chain.drawing, std::nullopt);
  if (chain.next && chain.next->ready_height)  // the election before it came about after all
    return;
  std::vector<candidate> eligible;
  for (const auto& [id, stake] : frozen.stakes)
    eligible.push_back({id, {}, stake});
  const auto drawn =
    draw_committee(beacon, chain.now.epoch + 1, std::move(eligible), b.params().fast_committee_max);
  elect(b, chain, roster_after(chain.now, *b.now.validators, drawn));
}

}  // namespace datagen::protocol::ledger
