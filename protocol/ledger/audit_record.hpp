#pragma once
// An audit's whole story (protocol.md section 2, steps 7 to 9), as anyone can read it back.

#include "protocol/audit/verdict.hpp"
#include "protocol/crypto/hash.hpp"
#include "protocol/job/job.hpp"
#include "protocol/ledger/proven_map.hpp"

namespace datagen::protocol::ledger {

using audit_key = std::pair<job_id, std::uint8_t>;  ///< Job and attempt.

/// Why checkers were drawn.
enum class stage_kind : std::uint8_t {
  first = 0,       ///< The three.
  refill = 1,      ///< One seat of a no-show, from a new beacon (rule e).
  fifth = 2,       ///< Whitepaper mode: decides the parity (n3p).
  escalation = 3,  ///< Hardened mode: fresh checkers (h2).
  last = 4,        ///< All active validators but P's operator, by stake; also an appeal's.
};
constexpr stage_kind max_value(stage_kind) { return stage_kind::last; }
const char* to_string(stage_kind x);

struct revealed {
  digest result;
  digest witness;  ///< Recomputed by the other checkers that hold the same result.
};
template <class Archive>
void describe(Archive& ar, revealed& x) { ar(x.result, x.witness); }

struct seat {
  validator_id checker;
  std::uint8_t slot = 0;  ///< Which of C1, C2, C3 it fills, in the first stage and its refills.
  amount stake;           ///< When it was drawn.
  std::optional<digest> commitment;
  std::optional<revealed> answer;
  bool refuted = false;  ///< Its witness was shown wrong: it never held the result.
};
template <class Archive>
void describe(Archive& ar, seat& x) {
  ar(x.checker, x.slot, x.stake, x.commitment, x.answer, x.refuted);
}

enum class stage_phase : std::uint8_t {
  drawing = 0,     ///< Waits for the beacon requested by the block that recorded its cause.
  committing = 1,
  revealing = 2,
  over = 3,
};
constexpr stage_phase max_value(stage_phase) { return stage_phase::over; }

struct audit_stage {
  stage_kind kind = stage_kind::first;
  stage_phase phase = stage_phase::drawing;
  std::uint64_t request = 0;  ///< Height whose beacon draws it.
  std::uint8_t slot = 0;      ///< Of a refill.
  digest beacon;
  std::vector<seat> seats;
  std::uint64_t commit_deadline_ms = 0;
  std::uint64_t reveal_deadline_ms = 0;
};
template <class Archive>
void describe(Archive& ar, audit_stage& x) {
  ar(x.kind, x.phase, x.request, x.slot, x.beacon, x.seats, x.commit_deadline_ms,
     x.reveal_deadline_ms);
}

/// U's word: a digest it acknowledged, perhaps with P's signature over it (rule c).
struct user_word {
  digest result;
  bool receipt = false;
};
template <class Archive>
void describe(Archive& ar, user_word& x) { ar(x.result, x.receipt); }

/// Is the input to be had (section 2, step 8)?
enum class input_state : std::uint8_t {
  unasked = 0,
  asked = 1,     ///< A checker could not get it; the stage's windows stand still.
  stored = 2,    ///< The committee holds it: nobody asks again.
  withheld = 3,  ///< Nobody brought it within the grace period (rule a).
};
constexpr input_state max_value(input_state) { return input_state::withheld; }

/// One payment or punishment that followed.
struct consequence {
  std::string who;   ///< "P", "U" or a validator's id in decimal.
  std::string what;  ///< fee, bounty, refund, slash reason, bond, …
  amount value;
};
template <class Archive>
void describe(Archive& ar, consequence& x) { ar(x.who, x.what, x.value); }

struct audit_record {
  receipt subject;
  account_id user;
  std::uint64_t checkpoint = 0;  ///< Sequence.
  std::uint32_t index = 0;
  std::uint64_t epoch = 0;  ///< Claim epoch of the leaf.
  bool payable = true;      ///< The epoch's totals count the leaf.
  std::uint64_t opened_ms = 0;
  std::vector<audit_stage> stages;
  std::optional<digest> opened;  ///< P's digest: its commitment was opened.
  std::optional<user_word> said;
  std::uint64_t grace_until_ms = 0;  ///< Until when P's commitment may still be opened.
  std::uint32_t refills = 0;
  std::uint32_t draws = 0;   ///< Attempts of `draw_name`: each beacon draws under its own.
  verdict ruling;            ///< By the table of section 3, when it was last asked.
  bool user_pays = false;    ///< Rule d: U contradicted what it was given.
  std::vector<std::string> pays;
  std::set<validator_id> losers;  ///< Checkers proved wrong.
  bool convicted = false;    ///< The slash is pending.
  bool appealed = false;
  bool settled = false;
  std::uint64_t appeal_until_ms = 0;
  amount slash;              ///< Pending, or taken.
  amount appeal_bond;
  amount bond_of_stake;      ///< The part of it that the balance did not pay.
  std::vector<consequence> effects;
  input_state input = input_state::unasked;
  std::uint64_t input_until_ms = 0;
  std::optional<digest> canary;  ///< P committed a wrong digest on purpose; this is the right one.

  const leaf& content() const { return subject.content; }
  validator_id validator() const { return subject.content.validator(); }
  audit_stage& stage() { return stages.back(); }
  const audit_stage& stage() const { return stages.back(); }
  audit_key key() const { return {content().job, content().attempt()}; }
};
template <class Archive>
void describe(Archive& ar, audit_record& x) {
  ar(x.subject, x.user, x.checkpoint, x.index, x.epoch, x.payable, x.opened_ms, x.stages, x.opened, x.said,
     x.grace_until_ms, x.refills, x.draws, x.ruling, x.user_pays, x.pays, x.losers, x.convicted,
     x.appealed, x.settled, x.appeal_until_ms, x.slash, x.appeal_bond, x.bond_of_stake, x.effects,
     x.input,
     x.input_until_ms, x.canary);
}

/// The newest finished audits; older ones are the archive's.
struct audit_history {
  std::uint64_t next = 0;  ///< Number of the next one.
  proven_map<std::uint64_t, audit_record> entries;
};
inline constexpr std::size_t audit_history_max = 1'000;
template <class Archive>
void describe(Archive& ar, audit_history& x) { ar(x.next, x.entries); }
inline digest rest_digest(const audit_history& x) { return hash("section", x.next); }
inline digest content_digest(const audit_history& x) {
  return merkle_node(x.entries.root(), rest_digest(x));
}

}  // namespace datagen::protocol::ledger
