#pragma once
// Everything the Heavy Chain remembers (protocol.md sections 2 to 5), in sections: the state root
// is a Merkle root over the sections' digests, the feed of events first. Accounts, validators,
// sessions with their pairings and audits are Merkle tries: each entry can be proven (`state_proof`).

#include "protocol/ledger/audit_record.hpp"
#include "protocol/ledger/committee_record.hpp"
#include "protocol/ledger/dispute_record.hpp"
#include "protocol/ledger/events.hpp"
#include "protocol/ledger/governance_record.hpp"
#include "protocol/ledger/market_record.hpp"
#include "protocol/ledger/section.hpp"

namespace datagen::protocol::ledger {

struct account {
  amount balance;
  std::uint64_t nonce = 0;         ///< Of the last money move.
  std::uint64_t random_epoch = 0;  ///< Epoch + 1 of the last random pairing: one each.
};
template <class Archive>
void describe(Archive& ar, account& x) { ar(x.balance, x.nonce, x.random_epoch); }

/// A newcomer's record: until enough has passed, only what was audited is paid (section 4).
struct probation_record {
  std::uint32_t jobs = 0;
  std::set<account_id> payers;  ///< At most `probation_payers` are kept.
  std::uint64_t units = 0;
};
template <class Archive>
void describe(Archive& ar, probation_record& x) { ar(x.jobs, x.payers, x.units); }

struct validator_record {
  public_key key;
  std::uint32_t operator_id = 0;
  std::string name;
  std::uint64_t ask = 0;              ///< 10^-9 DG per 1,000 units.
  amount stake;                       ///< Bonded, or unbonding once leaving or expelled.
  std::uint64_t freezes = 0;          ///< Convictions whose slash is pending.
  bool leaving = false;
  bool expelled = false;
  std::uint64_t release_ms = 0;       ///< Live time at which unbonding ends.
  std::vector<stake_mark> earlier;    ///< Higher stakes within the unbonding period.
  std::uint64_t barred_until_ms = 0;  ///< Takes no checks before.
  std::uint32_t dissents = 0;         ///< Checks proved wrong; each doubles the bar.
  std::uint64_t claims_paid = 0;
  std::uint64_t units_matured = 0;
  std::uint64_t audits_passed = 0;
  std::uint64_t audits_failed = 0;
  std::uint64_t checks_done = 0;
  amount earned;                      ///< Claims paid to it.
  amount rewards;
  amount slashed;
  std::optional<probation_record> probation;
  std::uint64_t proved_through = 0;   ///< Epochs below it are paid when all audited.
  std::uint64_t canaries_audited = 0;

  happened::standing standing() const {
    using of = happened::standing;
    return expelled ? of::expelled
           : leaving ? of::leaving
           : freezes > 0 ? of::frozen : of::active;
  }
  bool active() const { return standing() == happened::standing::active; }
};
template <class Archive>
void describe(Archive& ar, validator_record& x) {
  ar(x.key, x.operator_id, x.name, x.ask, x.stake, x.freezes, x.leaving, x.expelled, x.release_ms,
     x.earlier, x.barred_until_ms, x.dissents, x.claims_paid, x.units_matured, x.audits_passed,
     x.audits_failed, x.checks_done, x.earned, x.rewards, x.slashed, x.probation,
     x.proved_through, x.canaries_audited);
}

/// Is `x` paid for claim epoch `epoch` only what audits have passed (section 4, probation)?
inline bool must_prove(const validator_record& x, std::uint64_t epoch) {
  return x.probation || epoch < x.proved_through;
}

/// Escrow promised to one payee (section 2, step 4). `reserved` counts everything ever promised,
/// `settled` what claims have used of it; the difference is locked.
struct lane {
  amount reserved;
  amount settled;
  amount left() const { return reserved - settled; }
};
template <class Archive>
void describe(Archive& ar, lane& x) { ar(x.reserved, x.settled); }

/// An Echo that is paid for and not yet reported.
struct open_echo {
  amount cost;                ///< In the audit fund; back with a report that shows an outage.
  std::uint64_t until_ms = 0;
  std::uint64_t request = 0;  ///< Height whose beacon draws its sample; 0 when all are asked.
  std::vector<validator_id> sample;  ///< Ascending.
};
template <class Archive>
void describe(Archive& ar, open_echo& x) { ar(x.cost, x.until_ms, x.request, x.sample); }

struct session_record {
  account_id user;
  tx::pairing_mode mode = tx::pairing_mode::latency;
  std::uint64_t bid = 0;
  amount free;  ///< Escrow not promised to anyone.
  amount bond;
  std::map<validator_id, lane> lanes;
  std::optional<validator_id> paired;
  std::vector<validator_id> stand_ins;
  std::uint64_t round_trip_us = 0;
  std::uint32_t echoes = 0;
  bool waiting = false;  ///< For the beacon of a random pairing.
  bool closed = false;
  amount paid;           ///< Out of escrow, over all claims.
  account_id payer;      ///< Who locked the money, and gets it back: a pool, or the user itself.
  std::uint64_t expires_ms = 0;  ///< Of a pool's session, live time.
  amount deposit;        ///< For the first Echo; returned with the first claim paid.
  amount first_echo;     ///< What that Echo cost: kept of the deposit when nothing is ever paid.
  std::optional<open_echo> echo;
  std::uint64_t echo_at_ms = 0;  ///< Of the last report.
};
template <class Archive>
void describe(Archive& ar, session_record& x) {
  ar(x.user, x.mode, x.bid, x.free, x.bond, x.lanes, x.paired, x.stand_ins, x.round_trip_us,
     x.echoes, x.waiting, x.closed, x.paid, x.payer, x.expires_ms, x.deposit, x.first_echo, x.echo,
     x.echo_at_ms);
}

/// A lane whose payee no longer serves: it returns to free escrow when the claims of `epoch` have
/// had their time, or at `until_ms` at the latest.
struct ended_lane {
  std::uint64_t epoch = 0;
  std::uint64_t until_ms = 0;
};
template <class Archive>
void describe(Archive& ar, ended_lane& x) { ar(x.epoch, x.until_ms); }

struct sessions_section {
  proven_map<session_id, session_record> all;
  std::map<std::pair<session_id, validator_id>, ended_lane> ended;
  std::map<std::uint64_t, std::set<session_id>> waiting;  ///< Beacon request -> random pairings.
  std::map<account_id, session_id> echoing;  ///< Users with an open Echo, or waiting for a draw.
  std::set<std::pair<std::uint64_t, session_id>> expiring;  ///< Open sessions of pools, by time.
};
template <class Archive>
void describe(Archive& ar, sessions_section& x) {
  ar(x.all, x.ended, x.waiting, x.echoing, x.expiring);
}
inline digest rest_digest(const sessions_section& x) {
  return hash("section", x.ended, x.waiting, x.echoing, x.expiring);
}
inline digest content_digest(const sessions_section& x) {
  return merkle_node(x.all.root(), rest_digest(x));
}

struct checkpoint_record {
  tx::checkpoint_content content;
  std::uint64_t height = 0;  ///< Heavy block that ordered it: its beacon request.
  std::vector<validator_id> signers;  ///< Of its certificate.
  std::optional<digest> beacon;
  std::vector<std::uint32_t> drawn;
  std::set<std::uint32_t> unopened;
  std::set<std::uint32_t> volunteered;  ///< Undrawn leaves of validators on probation, opened.
  std::uint64_t open_deadline_ms = 0;
  bool fined = false;
  std::uint32_t audits_open = 0;
  /// Drawn, and all that was drawn is opened: nothing of it is unknown any more.
  bool known() const { return beacon && unopened.empty(); }
  bool closed() const { return known() && audits_open == 0; }
};
template <class Archive>
void describe(Archive& ar, checkpoint_record& x) {
  ar(x.content, x.height, x.signers, x.beacon, x.drawn, x.unopened, x.volunteered,
     x.open_deadline_ms, x.fined, x.audits_open);
}

using claim_owner = std::pair<validator_id, session_id>;

/// What audits took out of a claim: price in 10^-9 DG, and units that do not count.
struct deduction {
  uint128 price = 0;
  uint128 units = 0;
};
template <class Archive>
void describe(Archive& ar, deduction& x) { ar(x.price, x.units); }

struct epoch_record {
  std::optional<tx::closed_epoch> closes;
  std::uint32_t checkpoints_open = 0;
  std::optional<std::uint64_t> settled_ms;  ///< Live time since which its claims are payable.
  std::set<claim_owner> claimed;
  std::map<claim_owner, deduction> deductions;
  std::map<claim_owner, deduction> proved;  ///< Passed audits of validators on probation.
  std::uint64_t first_checkpoint = 0;  ///< Sequence of the first of `history`.
  merkle_frontier history;             ///< `merkle_leaf` of its checkpoints' digests, in order.
  std::vector<validator_id> signers;   ///< Who certified its totals.
  std::set<std::pair<claim_owner, std::uint32_t>> disproved;  ///< Jobs taken out of the totals.
  std::map<leaf_key, std::uint32_t> unpaid;  ///< For how many reasons a leaf is not; deducted once.
  std::set<leaf_key> deliveries;             ///< Asked for already: once each.
  std::set<std::pair<std::uint32_t, std::uint32_t>> counts;  ///< Entry and job, likewise.
  std::set<std::uint32_t> void_entries;      ///< Of which a job was asked for and not shown.
};
template <class Archive>
void describe(Archive& ar, epoch_record& x) {
  ar(x.closes, x.checkpoints_open, x.settled_ms, x.claimed, x.deductions, x.proved,
     x.first_checkpoint, x.history, x.signers, x.disproved, x.unpaid, x.deliveries,
     x.counts, x.void_entries);
}

struct checkpoints_section {
  std::uint64_t last = 0;              ///< Sequence of the newest.
  std::uint64_t claim_epoch = 0;       ///< Of the newest.
  std::uint64_t closing_next = 0;      ///< Lowest claim epoch that may still be closed.
  fast_base newest;                    ///< Its block: where a successor of a dead committee starts.
  std::map<std::uint64_t, checkpoint_record> recent;  ///< All open ones, and the newest closed.
  std::map<std::uint64_t, epoch_record> epochs;
};
template <class Archive>
void describe(Archive& ar, checkpoints_section& x) {
  ar(x.last, x.claim_epoch, x.closing_next, x.newest, x.recent, x.epochs);
}

/// Shares of a beacon by author, until a quorum makes its value.
struct beacon_request {
  std::map<consensus::author_index, bytes> shares;
  std::set<std::uint64_t> reopened;  ///< Requests of ended epochs that its value answers too (3.4).
};
template <class Archive>
void describe(Archive& ar, beacon_request& x) { ar(x.shares, x.reopened); }

struct clock_section {
  digest genesis;
  std::uint64_t height = 0;
  std::uint64_t timestamp_ms = 0;
  std::uint64_t live_ms = 0;  ///< Stands still while the chain does: what deadlines count in.
  std::map<std::uint64_t, beacon_request> requests;  ///< Open ones, by height.
  std::set<std::uint64_t> unanswered;  ///< Left open by the epoch before; the next block re-opens.
};
template <class Archive>
void describe(Archive& ar, clock_section& x) {
  ar(x.genesis, x.height, x.timestamp_ms, x.live_ms, x.requests, x.unanswered);
}

/// One paid claim's work in the running reward epoch, and the most that it may be rewarded with.
struct matured_claim {
  std::uint64_t units = 0;
  amount cap;  ///< `reward_cap_of`
};
template <class Archive>
void describe(Archive& ar, matured_claim& x) { ar(x.units, x.cap); }

/// Matured work of one validator in the running reward epoch (R26).
struct matured_work {
  uint128 units = 0;  ///< Sum over `claims`.
  std::vector<matured_claim> claims;
};
template <class Archive>
void describe(Archive& ar, matured_work& x) { ar(x.units, x.claims); }

/// Audits of one kernel version that ended without an answer, and what came of them.
struct kernel_doubt {
  std::uint64_t epoch = 0;               ///< Of the last one.
  std::uint32_t audits = 0;              ///< In that epoch.
  std::uint64_t suspended_until_ms = 0;  ///< Live time; 0: the version is not suspended.
};
template <class Archive>
void describe(Archive& ar, kernel_doubt& x) { ar(x.epoch, x.audits, x.suspended_until_ms); }

struct treasury_section {
  amount audit_fund;
  amount reward_pool;  ///< Released, not yet paid; carries every remainder.
  amount unreleased;   ///< Of the 15,000,000 DG for mining.
  amount burned;
  amount reserve;      ///< Supply that genesis gave to nobody.
  std::uint64_t emission_day = 0;
  std::uint64_t reward_epoch = 0;
  std::map<validator_id, matured_work> matured;
  std::map<kernel_ref, kernel_doubt> undetermined;
};
template <class Archive>
void describe(Archive& ar, treasury_section& x) {
  ar(x.audit_fund, x.reward_pool, x.unreleased, x.burned, x.reserve, x.emission_day,
     x.reward_epoch, x.matured, x.undetermined);
}

struct state {
  digest feed;  ///< Section 0, as `follow` expects it.
  section<clock_section> clock;
  section<proven_map<account_id, account>> accounts;
  section<proven_map<validator_id, validator_record>> validators;
  section<sessions_section> sessions;
  section<checkpoints_section> checkpoints;
  section<proven_map<audit_key, audit_record>> audits;  ///< Open ones.
  section<audit_history> history;
  section<treasury_section> treasury;
  section<committees_section> committees;
  section<std::map<author_id, author_record>> authors;
  section<governance_section> governance;
  section<disputes_section> disputes;
  section<market_section> market;

  /// The parameter table in force: genesis', or what votes made of it.
  const parameters& params() const { return governance->params; }
};
template <class Archive>
void describe(Archive& ar, state& x) {
  ar(x.feed, x.clock, x.accounts, x.validators, x.sessions, x.checkpoints, x.audits, x.history,
     x.treasury, x.committees, x.authors, x.governance, x.disputes, x.market);
}

/// Places of the sections in the state tree.
enum class section_index : std::uint8_t {
  feed, clock, accounts, validators, sessions, checkpoints, audits, history, treasury, committees,
  authors, governance, disputes, market
};
inline constexpr std::size_t section_count = 14;  ///< Constant of the protocol version.
/// Leaves of the state tree, `section_count` in order.
std::vector<digest> section_leaves(const state& x);

const validator_record* find_validator(const state& x, validator_id id);
const session_record* find_session(const state& x, session_id id);
const author_record* find_author(const state& x, author_id id);

}  // namespace datagen::protocol::ledger
