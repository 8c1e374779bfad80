#pragma once
// What is filed without a draw, and what checkers and canaries say beside an audit's statements
// (protocol.md section 2, steps 5, 6 and 8). Duties: none carries a nonce.

#include "protocol/consensus/certificate.hpp"
#include "protocol/job/job.hpp"

namespace datagen::protocol::ledger::tx {

/// A validator signed two leaves for one job and attempt: equivocated, without any draw (step 6).
struct twin_receipts {
  receipt first;
  receipt second;
};
template <class Archive>
void describe(Archive& ar, twin_receipts& x) { ar(x.first, x.second); }

/// A user signed two tickets for one job and attempt, or other work for a later attempt: its bond is
/// forfeited, and the session ends (step 5).
struct twin_tickets {
  signed_ticket first;
  signed_ticket second;
};
template <class Archive>
void describe(Archive& ar, twin_tickets& x) { ar(x.first, x.second); }

/// A receipt whose deadline has passed and whose leaf nobody has shown (step 6, no dodging). The
/// sender pays `opening_fee`, which goes to the validator when it answers.
struct ask_for_leaf {
  receipt held;
};
template <class Archive>
void describe(Archive& ar, ask_for_leaf& x) { ar(x.held); }

/// The answer: the leaf is in a checkpoint; or, without one, it is posted here and now.
struct show_leaf {
  receipt content;
  std::uint64_t checkpoint = 0;  ///< Sequence; 0 = posted.
  std::uint32_t index = 0;
  std::vector<digest> path;
};
template <class Archive>
void describe(Archive& ar, show_leaf& x) { ar(x.content, x.checkpoint, x.index, x.path); }

/// A checker of the stage under way cannot get the input (step 8).
struct unavailable {
  job_id job;
  std::uint8_t attempt = 0;
  std::uint8_t stage = 0;
};
template <class Archive>
void describe(Archive& ar, unavailable& x) { ar(x.job, x.attempt, x.stage); }

/// f+1 members of the serving Fast committee hold the input and hand it out: `stored_statement`.
struct stored {
  job_id job;
  std::uint8_t attempt = 0;
  std::vector<std::pair<consensus::author_index, signature>> signatures;  ///< Ascending.
};
template <class Archive>
void describe(Archive& ar, stored& x) { ar(x.job, x.attempt, x.signatures); }

/// The result behind a checker's digest: anyone who holds it shows that the checker did not (step 8).
struct challenge_witness {
  job_id job;
  std::uint8_t attempt = 0;
  validator_id checker;
  result_header header;
  bytes output;
};
template <class Archive>
void describe(Archive& ar, challenge_witness& x) {
  ar(x.job, x.attempt, x.checker, x.header, x.output);
}

/// The same for results too large to be shown here: f+1 members of the serving Fast committee have
/// recomputed the witness from the result's bytes (`wrong_witness_statement`).
struct wrong_witness {
  job_id job;
  std::uint8_t attempt = 0;
  validator_id checker;
  std::vector<std::pair<consensus::author_index, signature>> signatures;  ///< Ascending.
};
template <class Archive>
void describe(Archive& ar, wrong_witness& x) { ar(x.job, x.attempt, x.checker, x.signatures); }

/// A validator will commit a wrong digest on purpose: `canary_commitment`, hidden until revealed.
struct register_canary {
  digest commitment;
  std::uint64_t until_ms = 0;  ///< Live time by which it is revealed; its bytes are void from then on.
};
template <class Archive>
void describe(Archive& ar, register_canary& x) { ar(x.commitment, x.until_ms); }

/// Where a leaf stands that nobody drew: its price is taken back by this.
struct canary_place {
  leaf content;
  std::uint64_t checkpoint = 0;  ///< Sequence.
  std::uint32_t index = 0;
  std::vector<digest> path;
};
template <class Archive>
void describe(Archive& ar, canary_place& x) { ar(x.content, x.checkpoint, x.index, x.path); }

struct reveal_canary {
  job_id job;
  std::uint8_t attempt = 0;
  digest secret;
  digest truth;     ///< The right result's digest.
  account_id user;
  signature by;     ///< The cooperating user's, over `canary_statement`.
  std::optional<canary_place> place;  ///< Of a settled leaf that was not drawn.
};
template <class Archive>
void describe(Archive& ar, reveal_canary& x) {
  ar(x.job, x.attempt, x.secret, x.truth, x.user, x.by, x.place);
}

}  // namespace datagen::protocol::ledger::tx
