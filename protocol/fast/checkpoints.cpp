#include "protocol/fast/checkpoints.hpp"

#include <algorithm>

namespace datagen::protocol::fast {

namespace {

ledger::tx::open_leaf opening(const kept_checkpoint& from, std::uint32_t index) {
  return {.checkpoint = from.content.sequence,
          .index = index,
          .content = from.receipts[index],
          .path = merkle_path(from.leaves, index)};
}

/// The draw of `from` is known: what it spared has matured, the rest waits for its audit.
void mature_undrawn(state& now, const kept_checkpoint& from,
                    const std::vector<std::uint32_t>& drawn) {
  for (std::uint32_t i = 0; i < from.receipts.size(); ++i) {
    const auto& paper = from.receipts[i];
    const auto& content = paper.content;
    const undecided_leaf found{now.sessions.at(content.session).user,
                               ledger::value_at_risk(paper.order.content, content.fee)};
    const bool waits = std::find(drawn.begin(), drawn.end(), i) != drawn.end() &&
                       now.undecided.emplace(ledger::key_of(content), found).second;
    if (!waits)
      now.at_risk.remove(content.validator(), found.user, found.value);
  }
}

/// Forgets the oldest drawn checkpoints beyond the limits, and where their leaves were. Their jobs
/// stay paid: that is in the session.
void drop_old(state& now) {
  while (!now.checkpoints.empty() && now.checkpoints.begin()->second.drawn &&
         (now.checkpoints.size() > kept_checkpoints_max || now.kept_leaves > kept_leaves_max)) {
    const auto& [sequence, oldest] = *now.checkpoints.begin();
    for (const auto& job : oldest.jobs) {
      const auto found = now.ordered.find(job);
      if (found == now.ordered.end())
        continue;
      std::erase_if(found->second, [through = sequence](const ordered_leaf& x) {
        return x.checkpoint <= through;
      });
      if (found->second.empty())
        now.ordered.erase(found);
    }
    now.kept_leaves -= oldest.leaves.size();
    now.checkpoints.erase(now.checkpoints.begin());
  }
}

}  // namespace

std::optional<ledger::tx::checkpoint_content> make_checkpoint(
  state& now, const setting& rules, const std::optional<ledger::tx::closed_epoch>& closes) {
  now.checkpoint_digest = {};
  const bool due = now.height % rules.params.checkpoint_blocks == 0 &&
                   !now.pending.leaves.empty() &&
                   now.last_sequence < now.settled_sequence + unsettled_checkpoints_max;
  const bool last = now.successor.has_value();
  if (!due && !closes && !last)
    return std::nullopt;
  auto made = std::move(now.pending);
  now.pending = {};
  made.content = {.sequence = ++now.last_sequence,
                  .fast_height = now.height,
                  .timestamp_ms = now.timestamp_ms,
                  .claim_epoch = now.claim_epoch,
                  .leaf_root = merkle_root(made.leaves),
                  .leaves = static_cast<std::uint32_t>(made.leaves.size()),
                  .closes = closes,
                  .last = last};
  made.drawn = made.leaves.empty();
  now.checkpoint_digest = digest_of(made.content);
  now.kept_leaves += made.leaves.size();
  auto content = made.content;
  now.checkpoints.emplace(content.sequence, std::move(made));
  drop_old(now);
  return content;
}

std::optional<ledger::tx::open_leaf> open_leaf(const state& now, std::uint64_t sequence,
                                               std::uint32_t index) {
  if (const auto drawn = now.openings.find({sequence, index}); drawn != now.openings.end())
    return drawn->second;
  const auto found = now.checkpoints.find(sequence);
  if (found == now.checkpoints.end() || index >= found->second.receipts.size())
    return std::nullopt;
  return opening(found->second, index);
}

std::optional<std::vector<digest>> leaf_path(const state& now, std::uint64_t sequence,
                                             std::uint32_t index) {
  const auto found = now.checkpoints.find(sequence);
  if (found == now.checkpoints.end() || index >= found->second.leaves.size())
    return std::nullopt;
  return merkle_path(found->second.leaves, index);
}

void apply_drawn(state& now, const ledger::happened::checkpoint_drawn& x) {
  const auto found = now.checkpoints.find(x.sequence);
  if (found == now.checkpoints.end() || found->second.drawn)
    return;
  auto& kept = found->second;
  mature_undrawn(now, kept, x.drawn);
  for (const auto index : x.drawn)
    if (index < kept.receipts.size())
      now.openings.insert_or_assign({x.sequence, index}, opening(kept, index));
  while (now.openings.size() > openings_max)
    now.openings.erase(now.openings.begin());
  kept.drawn = true;
  std::vector<receipt>{}.swap(kept.receipts);  // `= {}` would keep the room they took
  now.undrawn_leaves -= kept.leaves.size();
  drop_old(now);
}

void apply_decided(state& now, const ledger::leaf_key& x) {
  const auto node = now.undecided.extract(x);
  if (node)
    now.at_risk.remove(x.second, node.mapped().user, node.mapped().value);
}

void apply_opened(state& now, const leaf& x) {
  const auto job = now.ordered.find(x.job);
  if (job == now.ordered.end())
    return;
  for (const auto& place : job->second)
    if (place.hash == leaf_hash(x))
      now.openings.erase({place.checkpoint, place.index});
}

}  // namespace datagen::protocol::fast
