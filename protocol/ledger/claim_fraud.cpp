#include "protocol/ledger/claim_fraud.hpp"

#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/claims.hpp"
#include "protocol/ledger/staking.hpp"

#include <tuple>

namespace datagen::protocol::ledger {

namespace {

using code = fraud_check;

claim_owner owner_of(const tx::counted_place& x) { return {x.validator, x.entry.session}; }

/// Is `x` still to be paid, and not yet taken out?
ruling<code> check_open(const state& now, const tx::counted_place& x) {
  const auto& epoch = now.checkpoints->epochs.at(x.epoch);
  if (epoch.disproved.contains({owner_of(x), x.job_index}))
    return {code::already_shown, "this job is taken out of the totals already"};
  if (epoch.claimed.contains(owner_of(x)) ||
      (epoch.settled_ms && *epoch.settled_ms + fraud_window_ms(now.params()) <= now.clock->live_ms))
    return {code::too_late, "the epoch is no longer open to fraud proofs"};
  return {};
}

ruling<code> check_shown(const state& now, const tx::counted_place& x, const tx::leaf_not_there& y) {
  const auto& epoch = now.checkpoints->epochs.at(x.epoch);
  const auto& job = x.job;
  if (job.checkpoint < epoch.first_checkpoint ||
      job.checkpoint - epoch.first_checkpoint >= epoch.history.size())
    return {};
  if (y.checkpoint.sequence != job.checkpoint ||
      !merkle_verify(epoch.history.root(), merkle_leaf(digest_of(y.checkpoint).view()),
                     job.checkpoint - epoch.first_checkpoint, epoch.history.size(),
                     y.checkpoint_path))
    return {code::bad_checkpoint,
            "that is not the epoch's checkpoint " + std::to_string(job.checkpoint)};
  if (job.index >= y.checkpoint.leaves)
    return {};
  if (y.instead == job.leaf)
    return {code::nothing_wrong, "the leaf is the one that is counted"};
  if (!merkle_verify(y.checkpoint.leaf_root, y.instead, job.index, y.checkpoint.leaves, y.path))
    return {code::bad_path, "no other leaf is shown at index " + std::to_string(job.index)};
  return {};
}

ruling<code> check_shown(const state&, const tx::counted_place& x, const tx::leaf_differs& y) {
  if (leaf_hash(y.content) != x.job.leaf)
    return {code::wrong_leaf, "the content is not that of the leaf counted"};
  if (y.content.validator() == x.validator && y.content.session == x.entry.session &&
      y.content.fee == x.job.price && y.content.units == x.job.units)
    return {code::nothing_wrong, "the leaf says what is counted"};
  return {};
}

ruling<code> check_shown(const state& now, const tx::counted_place& x,
                         const tx::job_counted_twice& y) {
  if (auto refused = check_place(now, y.other); !refused.ok())
    return refused;
  if (leaf_hash(y.content) != x.job.leaf || leaf_hash(y.other_content) != y.other.job.leaf)
    return {code::wrong_leaf, "a content is not that of the leaf counted"};
  const auto place = [](const tx::counted_place& z) {
    return std::tuple{z.epoch, z.job.checkpoint, z.job.index, z.entry_index, z.job_index};
  };
  // What was ordered first is paid (step 6), so the later place is the wrong one.
  if (y.content.job != y.other_content.job || place(y.other) >= place(x))
    return {code::nothing_wrong, "the other place counts another job, or comes after this one"};
  if (now.checkpoints->epochs.at(y.other.epoch).disproved.contains({owner_of(y.other),
                                                                    y.other.job_index}))
    return {code::nothing_wrong, "the other place is taken out of the totals: this one remains"};
  return {};
}

/// Who certified the totals has signed leaves and sums that contradict each other.
amount slash_signers(block_scope& b, std::uint64_t epoch) {
  amount sum;
  const auto signers = b.now.checkpoints->epochs.at(epoch).signers;
  for (const auto id : signers) {
    const auto taken = take_slash(b, id, b.params().slash_equivocated_permille);
    sum += taken;
    if (taken > amount{})
      b.announce(
        happened::slashed{id, taken, b.now.validators->at(id).stake, "false_totals", false});
    expel_if_poor(b, id);
  }
  return sum;
}

}  // namespace

ruling<fraud_check> check_place(const state& now, const tx::counted_place& x) {
  const auto found = now.checkpoints->epochs.find(x.epoch);
  if (found == now.checkpoints->epochs.end())
    return {code::unknown_epoch, "no claim epoch " + std::to_string(x.epoch)};
  const auto& closed = found->second.closes;
  if (!closed)
    return {code::not_closed, "claim epoch " + std::to_string(x.epoch) + " is not closed"};
  if (!sum_verify(closed->totals, sum_leaf_of(x.validator, x.entry), x.entry_index, closed->entries,
                  x.entry_path) ||
      !sum_verify(x.entry.jobs_node(), sum_leaf_of(x.job), x.job_index, x.entry.jobs, x.job_path))
    return {code::bad_path, "the epoch's totals do not count this job here"};
  return {};
}

ruling<fraud_check> check(const rulebook&, const state& now, const account_id&,
                          const tx::claim_fraud& x) {
  if (auto refused = check_place(now, x.counted); !refused.ok())
    return refused;
  if (auto refused = check_open(now, x.counted); !refused.ok())
    return refused;
  return std::visit([&](const auto& y) { return check_shown(now, x.counted, y); }, x.shown);
}

void apply(block_scope& b, const account_id& sender, const tx::claim_fraud& x) {
  const auto& [epoch_number, validator, entry_index, entry, entry_path, index, job, path] = x.counted;
  auto& epoch = b.now.checkpoints.edit().epochs.at(epoch_number);
  const bool first = epoch.disproved.empty();
  epoch.disproved.insert({owner_of(x.counted), index});
  auto& lost = epoch.deductions[owner_of(x.counted)];
  lost.price += job.price;
  lost.units += job.units;
  b.announce(happened::claim_disproved{epoch_number, validator, entry.session, index, job.price,
                                       job.units});
  if (!first)
    return;
  const auto taken = slash_signers(b, epoch_number);
  const auto bounty = min(taken, b.params().bounty);
  credit(b, sender, bounty);
  b.now.treasury.edit().burned += taken - bounty;
}

}  // namespace datagen::protocol::ledger
