#pragma once
// Claim epochs (protocol.md section 2, steps 6 and 9): per epoch a Merkle-sum tree over
// (validator, session), each with the root of one over its payable leaves; a claim is a run of a
// validator's entries with their common path.

#include "protocol/fast/state.hpp"

namespace datagen::protocol::fast {

/// Claim epoch of a block: whole `epoch_ms` since genesis time.
std::uint64_t claim_epoch_at(const setting& rules, std::uint64_t timestamp_ms);

/// Before a block's transactions: an epoch without leaves ends without a trace. One with leaves
/// stays open through this block, whose leaves still belong to it, and `close_epoch` ends it, with
/// an empty tree if none was payable: Heavy waits for the end of every epoch it has leaves of.
void open_epoch(state& now, const setting& rules);
/// After them: the totals of the epoch that has ended by the block's timestamp, if any. A closed
/// epoch is kept for claims until Heavy has paid it, at most `closed_epochs_max` of them.
std::optional<ledger::tx::closed_epoch> close_epoch(state& now, const setting& rules);

/// The tree's leaves in key order.
std::vector<sum_node> sum_leaves(const std::map<claim_key, ledger::tx::claim_entry>& entries);
/// What `validator` is owed in closed epochs: claims over runs of entries, none of them paid, each
/// of at most `claim_entries_max`.
std::vector<ledger::tx::claim> claims_of(const state& now, validator_id validator);
/// What all of them are still owed of one closed epoch, likewise.
std::vector<ledger::tx::claim> unpaid_claims(const state& now, std::uint64_t epoch);
/// The claim over one entry of a closed epoch: its owner, its place, its path. Nothing where there is
/// none, or all of the epoch is paid.
std::optional<ledger::tx::claim> entry_at(const state& now, std::uint64_t epoch, std::uint32_t index);
std::optional<ledger::tx::claim> entry_of(const state& now, std::uint64_t epoch,
                                          const claim_key& owner);
/// Heavy paid a claim: it need not be asked for again.
void apply_paid(state& now, const ledger::happened::claim_paid& x);

}  // namespace datagen::protocol::fast
