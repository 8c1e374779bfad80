#pragma once
// What the Fast Chain settles on Heavy, and what follows from it: checkpoints, openings of drawn
// leaves, claims of closed epochs and what is wrong with them (protocol.md section 2, steps 6, 7, 9).

#include "protocol/consensus/certificate.hpp"
#include "protocol/crypto/merkle.hpp"
#include "protocol/crypto/sum_tree.hpp"
#include "protocol/job/job.hpp"

#include <variant>

namespace datagen::protocol::ledger::tx {

/// Totals of one finished claim epoch of the Fast Chain: a Merkle-sum tree over (validator, session).
struct closed_epoch {
  std::uint64_t epoch = 0;
  std::uint32_t entries = 0;
  sum_node totals;
  friend bool operator==(const closed_epoch&, const closed_epoch&) = default;
};
template <class Archive>
void describe(Archive& ar, closed_epoch& x) { ar(x.epoch, x.entries, x.totals); }

/// What the Fast Chain tells Heavy: constant size, however many leaves.
struct checkpoint_content {
  std::uint64_t sequence = 0;     ///< 1, 2, …: Heavy accepts them in order, so none can be left out.
  std::uint64_t fast_height = 0;
  std::uint64_t timestamp_ms = 0;
  std::uint64_t claim_epoch = 0;  ///< Of its leaves.
  digest leaf_root;
  std::uint32_t leaves = 0;
  std::optional<closed_epoch> closes;
  bool last = false;  ///< The committee's last: it orders nothing after this block.
  friend bool operator==(const checkpoint_content&, const checkpoint_content&) = default;
};
template <class Archive>
void describe(Archive& ar, checkpoint_content& x) {
  ar(x.sequence, x.fast_height, x.timestamp_ms, x.claim_epoch, x.leaf_root, x.leaves, x.closes,
     x.last);
}
inline digest digest_of(const checkpoint_content& x) { return hash("checkpoint", x); }

/// Anyone may bring it: what counts is the Fast committee's certificate. `path` leads from the
/// content's digest (section 0 of the Fast state) to the certified state root.
struct checkpoint {
  checkpoint_content content;
  consensus::certificate proof;
  std::uint32_t sections = 0;
  std::vector<digest> path;
};
template <class Archive>
void describe(Archive& ar, checkpoint& x) { ar(x.content, x.proof, x.sections, x.path); }

/// Opens a drawn leaf; anyone may.
struct open_leaf {
  std::uint64_t checkpoint = 0;  ///< Sequence.
  std::uint32_t index = 0;
  receipt content;
  std::vector<digest> path;
};
template <class Archive>
void describe(Archive& ar, open_leaf& x) { ar(x.checkpoint, x.index, x.content, x.path); }

/// One leaf as a claim epoch counts it: its place in the Fast Chain's order, and what it costs.
struct counted_job {
  digest leaf;                   ///< `leaf_hash`
  std::uint64_t checkpoint = 0;  ///< Sequence of the checkpoint that holds it.
  std::uint32_t index = 0;       ///< In that checkpoint's tree.
  std::uint64_t price = 0;       ///< 10^-9 DG.
  std::uint64_t units = 0;
};
template <class Archive>
void describe(Archive& ar, counted_job& x) {
  ar(x.leaf, x.checkpoint, x.index, x.price, x.units);
}
inline sum_node sum_leaf_of(const counted_job& x) {
  return sum_leaf(encode("job", x.leaf, x.checkpoint, x.index), x.price, x.units);
}

/// All payable leaves of one (validator, session) in a claim epoch; the validator is named beside.
struct claim_entry {
  session_id session;
  std::uint32_t jobs = 0;
  std::uint64_t price = 0;  ///< Sum over its jobs, 10^-9 DG.
  std::uint64_t units = 0;  ///< Likewise.
  digest jobs_root;         ///< With the two sums: root of the sum tree over its `counted_job`s.

  sum_node jobs_node() const { return {jobs_root, price, units}; }
};
template <class Archive>
void describe(Archive& ar, claim_entry& x) {
  ar(x.session, x.jobs, x.price, x.units, x.jobs_root);
}
/// Leaf of the epoch's Merkle-sum tree, whose order is by validator, then by session.
inline sum_node sum_leaf_of(validator_id validator, const claim_entry& x) {
  return sum_leaf(encode("claim", validator, x.session, x.jobs, x.jobs_root), x.price, x.units);
}

/// Payment of a validator's work in a closed claim epoch: for any run of its sessions at once, so
/// that the bytes of one payment are shared by all their jobs.
struct claim {
  std::uint64_t epoch = 0;
  validator_id validator;
  std::uint32_t first = 0;  ///< Index of the first entry in the epoch's tree.
  std::vector<claim_entry> entries;
  std::vector<sum_node> path;
};
template <class Archive>
void describe(Archive& ar, claim& x) {
  ar(x.epoch, x.validator, x.first, x.entries, x.path);
}
/// Longer claims are refused before they cost hashing; one of this length has some 31 KB.
inline constexpr std::size_t claim_entries_max = 512;

/// Where a closed claim epoch counts a job, with the paths to its totals.
struct counted_place {
  std::uint64_t epoch = 0;
  validator_id validator;
  std::uint32_t entry_index = 0;
  claim_entry entry;
  std::vector<sum_node> entry_path;
  std::uint32_t job_index = 0;
  counted_job job;
  std::vector<sum_node> job_path;
};
template <class Archive>
void describe(Archive& ar, counted_place& x) {
  ar(x.epoch, x.validator, x.entry_index, x.entry, x.entry_path, x.job_index, x.job, x.job_path);
}

/// The checkpoint named does not hold the leaf: it ends before that index, or another leaf is there.
/// A checkpoint that is not of the epoch at all needs no more than its number.
struct leaf_not_there {
  checkpoint_content checkpoint;
  std::vector<digest> checkpoint_path;  ///< To the root over the epoch's checkpoints.
  digest instead;                       ///< Leaf hash.
  std::vector<digest> path;
};
template <class Archive>
void describe(Archive& ar, leaf_not_there& x) {
  ar(x.checkpoint, x.checkpoint_path, x.instead, x.path);
}
/// The leaf is another validator's or session's, or says another price or other units.
struct leaf_differs {
  leaf content;
};
template <class Archive>
void describe(Archive& ar, leaf_differs& x) { ar(x.content); }
/// The job is counted at a second place too, in this or another epoch: twice for one validator, or
/// for two attempts, of which only the first in Fast's order is payable.
struct job_counted_twice {
  leaf content;
  counted_place other;
  leaf other_content;
};
template <class Archive>
void describe(Archive& ar, job_counted_twice& x) { ar(x.content, x.other, x.other_content); }

/// A closed epoch's totals count what they must not. Anyone may bring it, until it is paid.
struct claim_fraud {
  counted_place counted;
  std::variant<leaf_not_there, leaf_differs, job_counted_twice> shown;
};
template <class Archive>
void describe(Archive& ar, claim_fraud& x) { ar(x.counted, x.shown); }

/// A job that a closed epoch's totals count, asked for by whoever is shown no tree of them (step 9).
/// The sender pays `opening_fee`, which goes to the entry's validator when the job is shown.
struct ask_for_count {
  std::uint64_t epoch = 0;
  std::uint32_t entry = 0;  ///< Index in the epoch's tree.
  std::uint32_t job = 0;    ///< Index in the entry's.
};
template <class Archive>
void describe(Archive& ar, ask_for_count& x) { ar(x.epoch, x.entry, x.job); }

/// The answer: the job where it is counted, and its leaf; any job of an entry that ends before the
/// index asked for.
struct show_count {
  std::uint32_t asked = 0;  ///< Index of the job.
  counted_place counted;
  leaf content;
};
template <class Archive>
void describe(Archive& ar, show_count& x) { ar(x.asked, x.counted, x.content); }

/// A leaf of one's session is settled and its result never came (step 9). The sender, the session's
/// user, pays `opening_fee`, which goes to the validator when it answers.
struct not_delivered {
  receipt held;                 ///< As the Fast Chain has it.
  checkpoint_content settled;   ///< The checkpoint that holds the leaf,
  std::vector<digest> settled_path;  ///< to the root over its epoch's checkpoints.
  std::uint32_t index = 0;
  std::vector<digest> path;
};
template <class Archive>
void describe(Archive& ar, not_delivered& x) {
  ar(x.held, x.settled, x.settled_path, x.index, x.path);
}

/// The answer: the user's word for the result, or f+1 members of the serving Fast committee hold it,
/// encrypted to the user, and hand it out (`delivered_statement`).
struct delivered {
  acknowledgement said;  ///< Names the job; its signature is all zero where the store answers.
  std::vector<std::pair<consensus::author_index, signature>> signatures;  ///< Ascending.
};
template <class Archive>
void describe(Archive& ar, delivered& x) { ar(x.said, x.signatures); }

}  // namespace datagen::protocol::ledger::tx
