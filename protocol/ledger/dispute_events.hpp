#pragma once
// What everyone hears of questions for leaves and inputs, of canaries, and of forfeited bonds.

#include "protocol/ledger/settlement_transactions.hpp"

namespace datagen::protocol::ledger::happened {

/// A receipt's leaf is asked for: its validator answers until `until_ms`, or has withheld it.
struct leaf_asked {
  receipt held;
  std::uint64_t until_ms = 0;
};
template <class Archive>
void describe(Archive& ar, leaf_asked& x) { ar(x.held, x.until_ms); }

/// It was shown; posted here, where the Fast Chain had not ordered it: Fast has to order it now.
struct leaf_shown {
  receipt content;
  bool posted = false;
};
template <class Archive>
void describe(Archive& ar, leaf_shown& x) { ar(x.content, x.posted); }

/// A checker could not get an audited job's input; its validator is frozen until the committee has
/// it, and has withheld it at `until_ms`.
struct input_asked {
  job_id job;
  std::uint8_t attempt = 0;
  std::uint64_t until_ms = 0;
};
template <class Archive>
void describe(Archive& ar, input_asked& x) { ar(x.job, x.attempt, x.until_ms); }

/// The committee holds the input: the stage's commit window starts again.
struct input_stored {
  job_id job;
  std::uint8_t attempt = 0;
  std::uint64_t commit_deadline_ms = 0;
};
template <class Archive>
void describe(Archive& ar, input_stored& x) { ar(x.job, x.attempt, x.commit_deadline_ms); }

struct canary_registered {
  validator_id validator;
  digest commitment;
  std::uint64_t until_ms = 0;  ///< Unrevealed by then, it is a wrong result.
};
template <class Archive>
void describe(Archive& ar, canary_registered& x) { ar(x.validator, x.commitment, x.until_ms); }

struct canary_revealed {
  validator_id validator;
  job_id job;
  std::uint8_t attempt = 0;
  digest truth;
};
template <class Archive>
void describe(Archive& ar, canary_revealed& x) { ar(x.validator, x.job, x.attempt, x.truth); }

/// A claim epoch's totals counted a job that they must not: it is not paid, and whoever certified
/// them is slashed, once per epoch.
struct claim_disproved {
  std::uint64_t epoch = 0;
  validator_id validator;
  session_id session;
  std::uint32_t job_index = 0;  ///< Among the entry's jobs.
  std::uint64_t price = 0;      ///< 10^-9 DG that go back to the session.
  std::uint64_t units = 0;
};
template <class Archive>
void describe(Archive& ar, claim_disproved& x) {
  ar(x.epoch, x.validator, x.session, x.job_index, x.price, x.units);
}

/// A user says that a job's result did not come: its validator puts it into the committee's store, or
/// shows the user's word for it, until `until_ms`, or the job is not paid.
struct delivery_asked {
  receipt held;
  std::uint64_t until_ms = 0;
};
template <class Archive>
void describe(Archive& ar, delivery_asked& x) { ar(x.held, x.until_ms); }

struct delivery_settled {
  job_id job;
  std::uint8_t attempt = 0;
  validator_id validator;
  bool delivered = false;
};
template <class Archive>
void describe(Archive& ar, delivery_settled& x) { ar(x.job, x.attempt, x.validator, x.delivered); }

/// A job of a closed epoch's totals is asked for: unshown at `until_ms`, its entry is void.
struct count_asked {
  std::uint64_t epoch = 0;
  std::uint32_t entry = 0;
  std::uint32_t job = 0;
  std::uint64_t until_ms = 0;
};
template <class Archive>
void describe(Archive& ar, count_asked& x) { ar(x.epoch, x.entry, x.job, x.until_ms); }

struct count_shown {
  std::uint32_t asked = 0;
  tx::counted_place counted;
  leaf content;
};
template <class Archive>
void describe(Archive& ar, count_shown& x) { ar(x.asked, x.counted, x.content); }

/// Nobody showed what the entry counts: it is never paid.
struct entry_voided {
  std::uint64_t epoch = 0;
  std::uint32_t entry = 0;
};
template <class Archive>
void describe(Archive& ar, entry_voided& x) { ar(x.epoch, x.entry); }

/// Too many audits of this kernel version ended without an answer: no job of it is payable until it is
/// resumed.
struct kernel_suspended {
  kernel_ref kernel;
};
template <class Archive>
void describe(Archive& ar, kernel_suspended& x) { ar(x.kernel); }

/// Its suspension is over.
struct kernel_resumed {
  kernel_ref kernel;
};
template <class Archive>
void describe(Archive& ar, kernel_resumed& x) { ar(x.kernel); }

/// A user signed two tickets for one job and attempt, or another digest than it was given.
struct bond_forfeited {
  session_id session;
  amount value;
};
template <class Archive>
void describe(Archive& ar, bond_forfeited& x) { ar(x.session, x.value); }

}  // namespace datagen::protocol::ledger::happened
