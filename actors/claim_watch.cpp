#include "actors/claim_watch.hpp"

#include <algorithm>
#include <tuple>

namespace datagen {

using namespace protocol;
using namespace protocol::ledger;

namespace {

auto order_of(const tx::counted_place& x) {
  return std::tuple{x.epoch, x.job.checkpoint, x.job.index, x.entry_index, x.job_index};
}

bool differs(const tx::counted_place& x, const leaf& y) {
  return y.validator() != x.validator || y.session != x.entry.session || y.fee != x.job.price ||
         y.units != x.job.units;
}

}  // namespace

void claim_watch::ordered(const ticket& order) {
  most_[{order.validator, order.session}] += price_of(order, order.units_max);
}

void claim_watch::answered(const ticket& order, const leaf& x) {
  auto& most = most_[{order.validator, order.session}];
  most -= std::min(most, uint128{price_of(order, order.units_max)});
  most += x.fee;
}

bool claim_watch::is_mine(session_id session) const {
  return std::any_of(most_.begin(), most_.end(),
                     [session](const auto& x) { return x.first.second == session; });
}

void claim_watch::hear(const event& what) {
  std::visit([this](const auto& x) { on(x); }, what);
}

void claim_watch::on(const happened::checkpoint_settled& x) {
  const auto& closes = x.content.closes;
  if (!closes || closes->entries == 0 || most_.empty())
    return;
  auto& known = epochs_[closes->epoch];
  known.closes = *closes;
  for (const auto& [whose, most] : most_)
    known.owners[whose];
  while (epochs_.size() > limits_.epochs_max)
    epochs_.erase(epochs_.begin());
}

std::vector<v1::entry_query> claim_watch::due(std::uint64_t now_ms) {
  std::vector<v1::entry_query> result;
  for (auto& [number, x] : epochs_)
    for (auto& [whose, asked] : x.owners)
      if (!asked.over && now_ms >= asked.next_ms) {
        asked.next_ms = now_ms + limits_.retry_ms;
        ++asked.tries;
        result.push_back({number, std::nullopt, whose.first, whose.second});
      }
  return result;
}

std::vector<tx::ask_for_count> claim_watch::judge(const v1::entry_reply& x, std::size_t members) {
  const auto found = epochs_.find(x.epoch);
  if (found == epochs_.end())
    return {};
  auto& [closes, owners] = found->second;
  if (!x.entry) {
    // The answer names nobody, so it counts for all that are asked for; f+1 of them are not all false.
    for (auto& [whose, asked] : owners)
      asked.over = asked.over || ++asked.nones > (members - 1) / 3 * owners.size();
    return {};
  }
  const auto& claim = *x.entry;
  if (claim.entries.size() != 1)
    return {};
  const auto& entry = claim.entries.front();
  const auto it = owners.find({claim.validator, entry.session});
  if (it == owners.end() || it->second.over ||
      !sum_verify(closes.totals, sum_leaf_of(claim.validator, entry), claim.first, closes.entries,
                  claim.path))
    return {};
  it->second.over = true;
  auto& counted = counted_[it->first];
  counted += entry.price;
  std::vector<tx::ask_for_count> result;
  if (counted > most_[it->first])
    for (std::uint32_t i = 0; i < std::min(entry.jobs, limits_.questions_max); ++i)
      result.push_back({x.epoch, claim.first, i});
  return result;
}

std::vector<tx::ask_for_count> claim_watch::hidden(std::size_t members) {
  std::vector<tx::ask_for_count> result;
  for (auto& [number, x] : epochs_) {
    bool silent = false;
    for (auto& [whose, asked] : x.owners)
      if (!asked.over && asked.tries > members)
        silent = asked.over = true;
    for (std::uint32_t i = 0; silent && i < std::min(x.closes.entries, limits_.questions_max); ++i)
      result.push_back({number, i, 0});
  }
  return result;
}

void claim_watch::on(const happened::count_shown& x) {
  if (!is_mine(x.content.session) && !is_mine(x.counted.entry.session))
    return;
  if (differs(x.counted, x.content))
    return proofs_.push_back({x.counted, tx::leaf_differs{x.content}});
  for (const auto& other : shown_) {
    if (other.content.job != x.content.job || order_of(other.place) == order_of(x.counted))
      continue;
    const shown fresh{x.counted, x.content};
    const auto& [first, second] = std::minmax(
      other, fresh,
      [](const shown& a, const shown& b) { return order_of(a.place) < order_of(b.place); });
    proofs_.push_back(
      {second.place, tx::job_counted_twice{second.content, first.place, first.content}});
    break;
  }
  shown_.push_back({x.counted, x.content});
  if (shown_.size() > limits_.shown_max)
    shown_.pop_front();
}

}  // namespace datagen
