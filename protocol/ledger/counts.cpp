#include "protocol/ledger/counts.hpp"

#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/claim_fraud.hpp"
#include "protocol/ledger/claims.hpp"

namespace datagen::protocol::ledger {

namespace {

using code = count_check;

count_key key_of(const tx::ask_for_count& x) { return {x.epoch, x.entry, x.job}; }
count_key key_of(const tx::show_count& x) {
  return {x.counted.epoch, x.counted.entry_index, x.asked};
}

}  // namespace

ruling<count_check> check(const rulebook&, const state& now, const account_id& sender,
                          const tx::ask_for_count& x) {
  const auto found = now.checkpoints->epochs.find(x.epoch);
  if (found == now.checkpoints->epochs.end())
    return {code::unknown_epoch, "no claim epoch " + std::to_string(x.epoch)};
  const auto& epoch = found->second;
  if (!epoch.closes)
    return {code::not_closed, "claim epoch " + std::to_string(x.epoch) + " is not closed"};
  if (x.entry >= epoch.closes->entries)
    return {code::no_such_entry, "the epoch has " + std::to_string(epoch.closes->entries) +
                                   " entries, and none at " + std::to_string(x.entry)};
  if (epoch.settled_ms && *epoch.settled_ms + fraud_window_ms(now.params()) <= now.clock->live_ms)
    return {code::too_late, "the epoch is no longer open to fraud proofs"};
  if (epoch.void_entries.contains(x.entry) || epoch.counts.contains({x.entry, x.job}))
    return {code::already_asked, "this job was asked for before"};
  if (const auto free = balance_of(now, sender); now.params().opening_fee > free)
    return {code::insufficient_funds, "the deposit of " + to_text(now.params().opening_fee) +
                                        " exceeds the free balance " + to_text(free)};
  return {};
}

void apply(block_scope& b, const account_id& sender, const tx::ask_for_count& x) {
  const auto deposit = b.params().opening_fee;
  debit(b, sender, deposit);
  const auto until = b.live_ms() + b.params().delivery_window_ms;
  b.now.checkpoints.edit().epochs.at(x.epoch).counts.emplace(x.entry, x.job);
  b.now.disputes.edit().counts[key_of(x)] = {deposit, sender, until};
  b.announce(happened::count_asked{x.epoch, x.entry, x.job, until});
}

ruling<count_check> check(const rulebook&, const state& now, const tx::show_count& x) {
  if (!now.disputes->counts.contains(key_of(x)))
    return {code::not_asked, "nobody asks for this job"};
  if (auto refused = check_place(now, x.counted); !refused.ok())
    return {code::bad_path, std::move(refused.reason)};
  if (x.counted.job_index != x.asked && x.asked < x.counted.entry.jobs)
    return {code::bad_path, "job " + std::to_string(x.asked) + " is asked for, not " +
                              std::to_string(x.counted.job_index)};
  if (leaf_hash(x.content) != x.counted.job.leaf)
    return {code::wrong_leaf, "the content is not that of the leaf counted"};
  return {};
}

void apply(block_scope& b, const tx::show_count& x) {
  const auto asked = b.now.disputes.edit().counts.extract(key_of(x));
  const auto* validator = find_validator(b.now, x.counted.validator);
  credit(b, validator == nullptr ? asked.mapped().asker : validator->key, asked.mapped().deposit);
  b.announce(happened::count_shown{x.asked, x.counted, x.content});
}

void run_count_deadlines(block_scope& b) {
  std::vector<count_key> late;
  for (const auto& [key, asked] : b.now.disputes->counts)
    if (asked.until_ms <= b.live_ms())
      late.push_back(key);
  for (const auto& key : late) {
    const auto asked = b.now.disputes.edit().counts.extract(key);
    credit(b, asked.mapped().asker, asked.mapped().deposit);
    auto& epochs = b.now.checkpoints.edit().epochs;
    const auto found = epochs.find(key.epoch);
    if (found != epochs.end() && found->second.void_entries.insert(key.entry).second)
      b.announce(happened::entry_voided{key.epoch, key.entry});
  }
}

}  // namespace datagen::protocol::ledger
