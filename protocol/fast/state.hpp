#pragma once
// What the Fast Chain knows after a block (protocol.md sections 2, 5 and 7). Everything here
// follows from ordered transactions, so equal blocks give equal states; three hash chains stand for
// it in the state root, so that a leaf costs one hash and not a walk over the state.

#include "protocol/chain/committees.hpp"
#include "protocol/fast/check.hpp"
#include "protocol/fast/paid_set.hpp"
#include "protocol/fast/transactions.hpp"
#include "protocol/ledger/dispute_record.hpp"
#include "protocol/ledger/exposure.hpp"
#include "protocol/ledger/parameter_schedule.hpp"

namespace datagen::protocol::fast {

inline constexpr std::size_t job_leaves_max = 8;  ///< Attempts ordered per job.
inline constexpr std::uint64_t leaf_units_max = 1ULL << 44;
inline constexpr std::size_t echo_roots_max = 1'024;  ///< Per session, for ever.
inline constexpr std::size_t equivocations_max = 64;  ///< The first leaf pairs kept as evidence.
/// Receipts that may still be drawn; beyond, leaves wait until Heavy draws (section 4: while Heavy
/// is away jobs go on up to a limit). Bounds a checkpoint's leaves too.
inline constexpr std::size_t undrawn_leaves_max = 1u << 17;
inline constexpr std::size_t kept_leaves_max = 1u << 17;  ///< Leaf hashes of drawn checkpoints.
inline constexpr std::size_t kept_checkpoints_max = 1u << 13;
inline constexpr std::size_t openings_max = 1u << 15;  ///< Drawn leaves not yet seen on Heavy.
inline constexpr std::size_t closed_epochs_max = 64;

/// What never changes: derived from genesis once. Of `params` only rows that genesis fixes are read.
struct setting {
  explicit setting(const genesis& x);
  chain_id heavy;
  chain_id fast;
  std::uint64_t genesis_time_ms = 0;
  parameters params;
};

struct validator_record {
  public_key key;
  ledger::happened::standing now = ledger::happened::standing::active;
  amount stake;
  amount stake_highest;  ///< Since it was admitted.
};
template <class Archive>
void describe(Archive& ar, validator_record& x) {
  ar(x.key, x.now, x.stake, x.stake_highest);
}

/// Escrow reserved for one payee, and what payable leaves used of it, in 10^-9 DG.
struct lane {
  std::uint64_t limit = 0;
  std::uint64_t used = 0;
};
template <class Archive>
void describe(Archive& ar, lane& x) {
  ar(x.limit, x.used);
}

struct session_record {
  account_id user;
  std::uint64_t bid = 0;
  std::map<validator_id, lane> lanes;
  paid_set paid;
  std::set<digest> echo_roots;
  std::optional<std::uint64_t> closed_ms;  ///< Heavy live time when its end was announced.
};
template <class Archive>
void describe(Archive& ar, session_record& x) {
  ar(x.user, x.bid, x.lanes, x.paid, x.echo_roots, x.closed_ms);
}

/// A leaf's place in the log.
struct ordered_leaf {
  validator_id validator;
  std::uint8_t attempt = 0;
  digest hash;  ///< `leaf_hash`.
  bool payable = false;
  std::uint64_t height = 0;
  std::uint64_t checkpoint = 0;
  std::uint32_t index = 0;
};
template <class Archive>
void describe(Archive& ar, ordered_leaf& x) {
  ar(x.validator, x.attempt, x.hash, x.payable, x.height, x.checkpoint, x.index);
}

using claim_key = std::pair<validator_id, session_id>;
/// Of each (validator, session): its payable leaves of the open epoch, as `counted_job`s in order.
using claim_totals = std::map<claim_key, sum_frontier>;

/// A closed claim epoch, kept until Heavy has paid all of it.
struct closed_claims {
  std::map<claim_key, ledger::tx::claim_entry> entries;
  std::set<claim_key> paid;
};
template <class Archive>
void describe(Archive& ar, closed_claims& x) {
  ar(x.entries, x.paid);
}

/// A checkpoint with what opens it. Receipts go when the draw is known, except drawn
/// ones, which become openings.
struct kept_checkpoint {
  ledger::tx::checkpoint_content content;
  std::vector<digest> leaves;
  std::vector<job_id> jobs;
  std::vector<receipt> receipts;
  bool drawn = false;
};
template <class Archive>
void describe(Archive& ar, kept_checkpoint& x) {
  ar(x.content, x.leaves, x.jobs, x.receipts, x.drawn);
}

/// A drawn leaf whose audit has no final verdict yet.
struct undecided_leaf {
  account_id user;
  std::uint64_t value = 0;  ///< At risk, 10^-9 DG.
};
template <class Archive>
void describe(Archive& ar, undecided_leaf& x) {
  ar(x.user, x.value);
}

/// A validator's second leaf for one (job, attempt); the first is on the chain.
struct equivocation {
  digest ordered;
  receipt second;
};
template <class Archive>
void describe(Archive& ar, equivocation& x) {
  ar(x.ordered, x.second);
}

struct state {
  std::uint64_t height = 0;
  std::uint64_t timestamp_ms = 0;
  std::uint32_t epoch = 0;  ///< Of the committee that ordered the last block.
  /// Who follows, once Heavy has said so: the block that hears of it is the committee's last.
  std::optional<consensus::roster> successor;
  ledger::follower heavy;
  std::uint64_t heavy_live_ms = 0;
  ledger::parameter_schedule params;  ///< As Heavy has them at `heavy.height`.

  std::map<validator_id, validator_record> validators;
  std::map<session_id, session_record> sessions;
  std::map<job_id, std::vector<ordered_leaf>> ordered;  ///< Of pending and kept leaves.
  std::vector<equivocation> equivocations;
  std::map<kernel_ref, std::uint64_t> suspended;  ///< Kernel versions, since what Heavy live time.

  std::uint64_t claim_epoch = 0;
  claim_totals totals;             ///< Of the open claim epoch.
  std::uint64_t total_units = 0;   ///< Sum over `totals`.
  std::uint64_t epoch_leaves = 0;  ///< Ordered in it, payable or not.
  std::map<std::uint64_t, closed_claims> closed;

  kept_checkpoint pending;  ///< Leaves since the last checkpoint; `content` still empty.
  std::map<std::uint64_t, kept_checkpoint> checkpoints;
  std::map<std::pair<std::uint64_t, std::uint32_t>, ledger::tx::open_leaf> openings;
  std::uint64_t last_sequence = 0;
  std::uint64_t settled_sequence = 0;  ///< Highest one Heavy has ordered.
  std::uint64_t undrawn_leaves = 0;    ///< Pending ones and those of undrawn checkpoints.
  ledger::exposure at_risk;            ///< Of undrawn leaves and `undecided` ones.
  std::map<ledger::leaf_key, undecided_leaf> undecided;
  std::uint64_t kept_leaves = 0;       ///< Of `checkpoints`.

  digest leaf_chain;         ///< H("fast-leaf", before, leaf hash, payable), from all zero.
  digest echo_chain;         ///< H("fast-echo", before, session, root).
  digest fault_chain;        ///< H("fast-fault", before, first leaf hash, second receipt).
  digest checkpoint_digest;  ///< Of the checkpoint in this very block, else all zero.
};
template <class Archive>
void describe(Archive& ar, state& x) {
  ar(x.height, x.timestamp_ms, x.epoch, x.successor, x.heavy, x.heavy_live_ms, x.params,
     x.validators, x.sessions, x.ordered, x.equivocations, x.suspended, x.claim_epoch, x.totals,
     x.total_units, x.epoch_leaves,
     x.closed, x.pending, x.checkpoints, x.openings, x.last_sequence, x.settled_sequence,
     x.undrawn_leaves, x.at_risk, x.undecided, x.kept_leaves, x.leaf_chain, x.echo_chain, x.fault_chain,
     x.checkpoint_digest);
}

/// The state before block 1: genesis' validators, nothing followed.
state initial_state(const genesis& x);

/// Leaf hashes of the state's sections; their Merkle root is the state root. Section 0 is the
/// digest of this block's checkpoint, all zero without one. The last one covers the whole state
/// every `snapshot_blocks` blocks, so that it can be taken from strangers, and is all zero in
/// between: hashing it all for every block would cost more than executing it.
std::vector<digest> sections_of(const state& x, std::uint32_t snapshot_blocks);

}  // namespace datagen::protocol::fast
