#pragma once
// What the Heavy Chain decides, as every other role hears it. A block's events are chained into the
// state's *feed* digest (section 0 of the state root), so whoever follows them from genesis can
// check every one against a finality certificate and needs no other state.

#include "protocol/consensus/hand_over.hpp"
#include "protocol/ledger/dispute_events.hpp"
#include "protocol/ledger/transactions.hpp"
#include "protocol/ledger/vote_events.hpp"

namespace datagen::protocol::ledger {

/// The Fast block after which a committee begins: the last one that counts on Heavy.
struct fast_base {
  std::uint64_t sequence = 0;     ///< Of its checkpoint; 0 is genesis, before any block.
  std::uint64_t fast_height = 0;
  digest block;                   ///< Its digest; genesis' at height 0.
  digest state_root;              ///< All zero at height 0: everybody has that state.
  std::uint64_t timestamp_ms = 0;
  friend bool operator==(const fast_base&, const fast_base&) = default;
};
template <class Archive>
void describe(Archive& ar, fast_base& x) {
  ar(x.sequence, x.fast_height, x.block, x.state_root, x.timestamp_ms);
}

namespace happened {

struct validator_admitted {
  validator_id validator;
  public_key key;
  std::uint32_t operator_id = 0;
  amount stake;
  std::uint64_t ask = 0;
  std::string name;
};
template <class Archive>
void describe(Archive& ar, validator_admitted& x) {
  ar(x.validator, x.key, x.operator_id, x.stake, x.ask, x.name);
}

enum class standing : std::uint8_t { active = 0, frozen = 1, leaving = 2, expelled = 3 };
constexpr standing max_value(standing) { return standing::expelled; }
/// Standing, stake or ask of a validator changed; all as they are now.
struct validator_changed {
  validator_id validator;
  standing now = standing::active;
  amount stake;
  std::uint64_t ask = 0;
};
template <class Archive>
void describe(Archive& ar, validator_changed& x) { ar(x.validator, x.now, x.stake, x.ask); }

struct session_opened {
  session_id session;
  account_id user;
  tx::pairing_mode mode = tx::pairing_mode::latency;
  std::uint64_t bid = 0;
  amount escrow;
  std::uint64_t nonce = 0;  ///< With `user` it makes the session's id.
  account_id payer;         ///< A pool, or the user itself.
  std::uint64_t expires_ms = 0;  ///< Of a pool's session, live time.
};
template <class Archive>
void describe(Archive& ar, session_opened& x) {
  ar(x.session, x.user, x.mode, x.bid, x.escrow, x.nonce, x.payer, x.expires_ms);
}

/// An Echo is paid for: time for its packages, to all active validators where `sample` is empty.
struct echo_opened {
  session_id session;
  std::vector<validator_id> sample;
  std::uint64_t until_ms = 0;  ///< Live time for its report.
};
template <class Archive>
void describe(Archive& ar, echo_opened& x) { ar(x.session, x.sample, x.until_ms); }

/// Who serves a session from now on, and how much of the escrow each payee may earn (lanes).
struct paired {
  session_id session;
  validator_id validator;
  std::vector<validator_id> stand_ins;
  std::vector<std::pair<validator_id, amount>> lanes;  ///< Total ever reserved per payee.
  std::uint64_t round_trip_us = 0;                     ///< Measured; 0 for a random pairing.
};
template <class Archive>
void describe(Archive& ar, paired& x) {
  ar(x.session, x.validator, x.stand_ins, x.lanes, x.round_trip_us);
}

/// The pairing ended (validator expelled or leaving): time for a new Echo.
struct unpaired {
  session_id session;
  validator_id validator;
};
template <class Archive>
void describe(Archive& ar, unpaired& x) { ar(x.session, x.validator); }

struct session_closed {
  session_id session;
  amount refunded;
};
template <class Archive>
void describe(Archive& ar, session_closed& x) { ar(x.session, x.refunded); }

/// Its leaves are settled.
struct checkpoint_settled {
  tx::checkpoint_content content;
};
template <class Archive>
void describe(Archive& ar, checkpoint_settled& x) { ar(x.content); }

/// The beacon of the block that ordered the checkpoint is known: index i is drawn iff
/// `is_drawn(beacon, digest_of(content), i, rate)`.
struct checkpoint_drawn {
  std::uint64_t sequence = 0;
  digest beacon;
  std::vector<std::uint32_t> drawn;
};
template <class Archive>
void describe(Archive& ar, checkpoint_drawn& x) { ar(x.sequence, x.beacon, x.drawn); }

/// Checkers were drawn for a stage of an audit: commit until `commit_deadline_ms` of live time.
struct check_requested {
  receipt subject;
  std::uint8_t stage = 0;  ///< 0 = the three; then refills, fifth, escalation, last stage.
  digest beacon;
  std::vector<validator_id> checkers;
  std::uint64_t commit_deadline_ms = 0;
  std::uint64_t reveal_deadline_ms = 0;
};
template <class Archive>
void describe(Archive& ar, check_requested& x) {
  ar(x.subject, x.stage, x.beacon, x.checkers, x.commit_deadline_ms, x.reveal_deadline_ms);
}

/// A checker's commitment is on chain.
struct check_committed {
  job_id job;
  std::uint8_t attempt = 0;
  std::uint8_t stage = 0;
  validator_id checker;
};
template <class Archive>
void describe(Archive& ar, check_committed& x) { ar(x.job, x.attempt, x.stage, x.checker); }

/// The commit window of a stage closed: reveals, openings and evidence are due.
struct reveal_requested {
  job_id job;
  std::uint8_t attempt = 0;
  std::uint8_t stage = 0;
  std::uint64_t deadline_ms = 0;
};
template <class Archive>
void describe(Archive& ar, reveal_requested& x) { ar(x.job, x.attempt, x.stage, x.deadline_ms); }

/// Who said what: `who` is "U", "P" or a checker's id in decimal.
struct digest_revealed {
  job_id job;
  std::uint8_t attempt = 0;
  std::uint8_t stage = 0;
  std::string who;
  digest result;
};
template <class Archive>
void describe(Archive& ar, digest_revealed& x) { ar(x.job, x.attempt, x.stage, x.who, x.result); }

struct audit_settled {
  job_id job;
  std::uint8_t attempt = 0;
  validator_id validator;
  std::string outcome;  ///< pass, fault, void, undetermined; escalate and replace are steps.
  std::string rule;     ///< As `inspect verdict` prints it.
  std::vector<std::string> pays;
  bool final = false;   ///< False for a step (replace, fifth, escalate) that goes on.
};
template <class Archive>
void describe(Archive& ar, audit_settled& x) {
  ar(x.job, x.attempt, x.validator, x.outcome, x.rule, x.pays, x.final);
}

struct slashed {
  validator_id validator;
  amount taken;
  amount left;
  std::string reason;    ///< wrong_result, withheld, equivocated, wrong_check, unopened, twins.
  bool pending = false;  ///< True while the appeal window runs.
};
template <class Archive>
void describe(Archive& ar, slashed& x) { ar(x.validator, x.taken, x.left, x.reason, x.pending); }

struct claim_paid {
  validator_id validator;
  session_id session;
  std::uint64_t epoch = 0;
  amount to_validator;
  amount to_audit_fund;
  amount burned;
  std::uint64_t units = 0;
};
template <class Archive>
void describe(Archive& ar, claim_paid& x) {
  ar(x.validator, x.session, x.epoch, x.to_validator, x.to_audit_fund, x.burned, x.units);
}

/// Emission paid for matured compute (requirements R26).
struct rewarded {
  validator_id validator;
  std::uint64_t reward_epoch = 0;
  std::uint64_t units = 0;
  amount paid;
};
template <class Archive>
void describe(Archive& ar, rewarded& x) { ar(x.validator, x.reward_epoch, x.units, x.paid); }

struct transferred {
  account_id from;
  account_id to;
  amount value;
};
template <class Archive>
void describe(Archive& ar, transferred& x) { ar(x.from, x.to, x.value); }

/// The price range moved: asks outside it, and bids below it, are refused from now on.
struct market_moved {
  std::uint64_t epoch = 0;
  std::uint64_t low = 0;   ///< 10^-9 DG per 1,000 units.
  std::uint64_t high = 0;
};
template <class Archive>
void describe(Archive& ar, market_moved& x) { ar(x.epoch, x.low, x.high); }

/// An emission day began: `released` moved from the reserve to the reward pool.
struct emitted {
  std::uint64_t day = 0;
  amount released;
};
template <class Archive>
void describe(Archive& ar, emitted& x) { ar(x.day, x.released); }

/// A candidate for the Heavy committee came, or its stake or standing changed; all as now.
struct author_changed {
  author_id author;
  public_key key;
  standing now = standing::active;  ///< Never frozen.
  amount stake;
};
template <class Archive>
void describe(Archive& ar, author_changed& x) { ar(x.author, x.key, x.now, x.stake); }

/// A candidate signed two vertices for one round of the Heavy Chain.
struct author_slashed {
  author_id author;
  amount taken;
  amount left;
};
template <class Archive>
void describe(Archive& ar, author_slashed& x) { ar(x.author, x.taken, x.left); }

/// Who is to follow on `next.chain`, once its coin is made: time for its members to deal. Replaces
/// an earlier one of the same chain and epoch, whose coin did not come about.
struct committee_elected {
  consensus::roster next;  ///< Without a coin.
};
template <class Archive>
void describe(Archive& ar, committee_elected& x) { ar(x.next); }

/// A dealing counts. A member's secret is `dkg::secret_of` its shares of the n - f that are
/// announced between `committee_elected` and `committee_ready`.
struct coin_dealt {
  chain_id chain;
  std::uint32_t epoch = 0;
  dkg::dealing content;
};
template <class Archive>
void describe(Archive& ar, coin_dealt& x) { ar(x.chain, x.epoch, x.content); }

/// The coin is made. A Fast committee that hears of its successor here closes.
struct committee_ready {
  consensus::roster next;
};
template <class Archive>
void describe(Archive& ar, committee_ready& x) { ar(x.next); }

/// Serves from now on. Heavy: this is the last block of the epoch before. Fast: after block `base`,
/// and nothing that the committee before certifies counts any more.
struct committee_seated {
  consensus::roster now;
  std::optional<fast_base> base;  ///< Fast only.
};
template <class Archive>
void describe(Archive& ar, committee_seated& x) { ar(x.now, x.base); }

/// The fee of a money move, burned, whatever it moved (protocol.md section 4).
struct fee_paid {
  account_id payer;
  amount value;
};
template <class Archive>
void describe(Archive& ar, fee_paid& x) { ar(x.payer, x.value); }

}  // namespace happened

/// Append, never reorder: the index is the wire form.
using event = std::variant<
  happened::validator_admitted, happened::validator_changed, happened::session_opened,
  happened::paired, happened::unpaired, happened::session_closed, happened::checkpoint_settled,
  happened::checkpoint_drawn, happened::check_requested, happened::check_committed,
  happened::reveal_requested, happened::digest_revealed, happened::audit_settled, happened::slashed,
  happened::claim_paid, happened::rewarded, happened::transferred, happened::emitted,
  happened::author_changed, happened::author_slashed, happened::committee_elected,
  happened::coin_dealt, happened::committee_ready, happened::committee_seated,
  happened::emission_burned, happened::proposal_drafted, happened::proposal_supported,
  happened::proposal_opened, happened::vote_cast, happened::proposal_ended,
  happened::change_scheduled, happened::leaf_asked, happened::leaf_shown, happened::input_asked,
  happened::input_stored, happened::canary_registered, happened::canary_revealed,
  happened::bond_forfeited, happened::claim_disproved, happened::market_moved,
  happened::echo_opened, happened::delivery_asked, happened::delivery_settled,
  happened::kernel_suspended, happened::count_asked, happened::count_shown,
  happened::entry_voided, happened::kernel_resumed, happened::fee_paid>;

/// The events of one block.
struct block_events {
  std::uint64_t height = 0;
  std::uint64_t live_ms = 0;  ///< Heavy live time after the block: what deadlines count in.
  std::vector<event> events;
};
template <class Archive>
void describe(Archive& ar, block_events& x) { ar(x.height, x.live_ms, x.events); }

/// feed_h = H("feed", feed_{h-1}, block_events_h); blocks without events leave it unchanged.
inline digest extend_feed(const digest& feed, const block_events& x) { return hash("feed", feed, x); }

/// Blocks' events with the certificate that covers them: everything between `follower::height` and
/// the certified block. `path` proves section 0 (the feed) of the certified state root.
/// Never reaches beyond the end of the certificate's epoch: there `next` hands over.
struct certified_events {
  std::vector<block_events> blocks;
  consensus::certificate proof;
  std::uint32_t sections = 0;
  std::vector<digest> path;
  std::optional<consensus::roster> next;  ///< Set when the certified block is its epoch's last.
};
template <class Archive>
void describe(Archive& ar, certified_events& x) {
  ar(x.blocks, x.proof, x.sections, x.path, x.next);
}

/// How far a role has followed the Heavy Chain; starts at genesis with an all-zero feed and
/// genesis' authors.
struct follower {
  consensus::roster authors;  ///< Who certifies what comes next.
  std::uint64_t height = 0;
  digest feed;
};
template <class Archive>
void describe(Archive& ar, follower& x) { ar(x.authors, x.height, x.feed); }

enum class [[nodiscard]] follow_check : std::uint8_t {
  ok = 0,
  already_known = 1,     ///< Nothing new.
  gap = 2,               ///< Blocks before these are missing: ask from `height`.
  bad_certificate = 3,   ///< No quorum stands behind it.
  bad_proof = 4,         ///< The events are not those of the certified state.
  bad_hand_over = 5,     ///< The certificate names another next committee than the news.
};
constexpr follow_check max_value(follow_check) { return follow_check::bad_hand_over; }

/// Checks `x` against the authors that `state` trusts and moves `state` past it, also into the next
/// epoch. Blocks that `state` already knows are skipped. @returns the new blocks, or why not;
/// `state` changes only on ok.
std::pair<follow_check, std::vector<block_events>> follow(follower& state, const certified_events& x,
                                                          const signature_checker& signatures);

}  // namespace datagen::protocol::ledger
