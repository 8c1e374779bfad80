#pragma once
// What may be said to the Heavy Chain. Money moves carry nonces that count up by one per sender;
// duties (checks, openings, claims, reports) are unique by what they are about, so they need none
// and may arrive in any order.

#include "protocol/crypto/coin/dkg.hpp"
#include "protocol/job/job.hpp"
#include "protocol/ledger/dispute_transactions.hpp"
#include "protocol/ledger/settlement_transactions.hpp"
#include "protocol/ledger/vote_transactions.hpp"

#include <variant>

namespace datagen::protocol::ledger {

namespace tx {

/// Money moves (with nonce) ---------------------------------------------------------------------

struct transfer {
  account_id to;
  amount value;
};
template <class Archive>
void describe(Archive& ar, transfer& x) { ar(x.to, x.value); }

enum class pairing_mode : std::uint8_t { latency = 0, random = 1 };
constexpr pairing_mode max_value(pairing_mode) { return pairing_mode::random; }

/// Locks escrow and the audit bond; the session's id is `session_id_of(sender, nonce)`.
struct open_session {
  pairing_mode mode = pairing_mode::latency;
  std::uint64_t bid = 0;  ///< Highest acceptable ask, 10^-9 DG per 1,000 units.
  amount escrow;
};
template <class Archive>
void describe(Archive& ar, open_session& x) { ar(x.mode, x.bid, x.escrow); }

/// A session of a pool (R9): its tickets and Echoes are signed by `key`, one end user of many; escrow,
/// bond and deposit are the sender's, and come back to it. Its id is `session_id_of(key, nonce)`.
struct delegate_session {
  public_key key;
  signature consent;  ///< By `key`, over `delegation_statement`.
  pairing_mode mode = pairing_mode::latency;
  std::uint64_t bid = 0;
  amount escrow;      ///< The most that `key` may spend.
  std::uint64_t expires_ms = 0;  ///< Live time at which it closes by itself.
};
template <class Archive>
void describe(Archive& ar, delegate_session& x) {
  ar(x.key, x.consent, x.mode, x.bid, x.escrow, x.expires_ms);
}

/// Ends it: unpromised escrow returns at once, the rest when its claims are settled.
struct close_session {
  session_id session;
};
template <class Archive>
void describe(Archive& ar, close_session& x) { ar(x.session); }

struct join {
  std::uint32_t operator_id = 0;
  amount stake;
  std::uint64_t ask = 0;
  std::string name;
};
template <class Archive>
void describe(Archive& ar, join& x) { ar(x.operator_id, x.stake, x.ask, x.name); }

struct set_ask {
  std::uint64_t ask = 0;
};
template <class Archive>
void describe(Archive& ar, set_ask& x) { ar(x.ask); }

/// Starts unbonding: no new work, slashable until the stake is released.
struct leave {
  std::uint8_t reserved = 0;
};
template <class Archive>
void describe(Archive& ar, leave& x) { ar(x.reserved); }

/// Stands for election to the Heavy committee with `stake` on top of what the sender has bonded
/// for that already; the sender's key is the author's (consensus.md 2.13).
struct stand {
  amount stake;
};
template <class Archive>
void describe(Archive& ar, stand& x) { ar(x.stake); }

/// No candidate any more: the stake is released when no committee the sender served on can be
/// convicted any more.
struct stand_down {
  std::uint8_t reserved = 0;
};
template <class Archive>
void describe(Archive& ar, stand_down& x) { ar(x.reserved); }

/// Bonds more on top of a validator's stake.
struct add_stake {
  amount value;
};
template <class Archive>
void describe(Archive& ar, add_stake& x) { ar(x.value); }

/// Duties (nonce 0) --------------------------------------------------------------------------------

/// One validator's answer to an Echo, as the user's edge saw it.
struct echo_entry {
  validator_id validator;
  std::uint64_t round_trip_us = 0;
  bool correct = false;       ///< Equal to what the user's edge computed itself.
  digest result;
  signature by;               ///< Validator's, over `echo_statement`.
};
template <class Archive>
void describe(Archive& ar, echo_entry& x) {
  ar(x.validator, x.round_trip_us, x.correct, x.result, x.by);
}
/// Merkle root over all entries, the fastest ones in clear; signed by the user as sender.
struct echo_report {
  session_id session;
  std::uint64_t at_ms = 0;    ///< By the user's clock, above the session's last: none counts twice.
  digest package;             ///< Digest of the package every validator got.
  digest entries_root;
  std::uint32_t entries = 0;
  std::vector<echo_entry> best;
  /// Members of the serving Fast committee that found the paired validator down or degraded, each
  /// with its word for it (`probe_statement`); ascending. Two of them excuse the cost.
  std::vector<std::pair<consensus::author_index, signature>> probes;
};
template <class Archive>
void describe(Archive& ar, echo_report& x) {
  ar(x.session, x.at_ms, x.package, x.entries_root, x.entries, x.best, x.probes);
}

/// Pays for an Echo before its packages are sent, and has its sample drawn where there are more
/// validators than may all be asked. By the session's user.
struct ask_echo {
  session_id session;
};
template <class Archive>
void describe(Archive& ar, ask_echo& x) { ar(x.session); }

struct check_commit {
  job_id job;
  std::uint8_t attempt = 0;
  std::uint8_t stage = 0;       ///< The audit's stage it belongs to.
  digest commitment;            ///< `checker_commitment` of protocol/audit/draw.hpp.
};
template <class Archive>
void describe(Archive& ar, check_commit& x) { ar(x.job, x.attempt, x.stage, x.commitment); }

struct check_reveal {
  job_id job;
  std::uint8_t attempt = 0;
  std::uint8_t stage = 0;
  digest salt;
  digest result;
  digest witness;
};
template <class Archive>
void describe(Archive& ar, check_reveal& x) {
  ar(x.job, x.attempt, x.stage, x.salt, x.result, x.witness);
}

/// P's commitment opened, by whoever holds salt and digest.
struct open_commitment {
  job_id job;
  std::uint8_t attempt = 0;
  digest salt;
  digest result;
};
template <class Archive>
void describe(Archive& ar, open_commitment& x) { ar(x.job, x.attempt, x.salt, x.result); }

/// U's evidence: its signed acknowledgement, or a receipt signed by P with the opening that shows
/// another digest than the ordered leaf's.
struct user_evidence {
  acknowledgement said;
  std::optional<receipt> held;
  digest salt;                   ///< Opens `held`; all zero without it.
};
template <class Archive>
void describe(Archive& ar, user_evidence& x) { ar(x.said, x.held, x.salt); }

/// The convicted asks for the last stage against a bond (hardened mode).
struct appeal {
  job_id job;
  std::uint8_t attempt = 0;
};
template <class Archive>
void describe(Archive& ar, appeal& x) { ar(x.job, x.attempt); }

/// A member of an elected committee deals its part of that committee's coin; the sender is the
/// dealer (consensus.md 3.3, stage 2).
struct coin_dealing {
  chain_id chain;
  std::uint32_t epoch = 0;  ///< Whose coin it is.
  dkg::dealing content;
};
template <class Archive>
void describe(Archive& ar, coin_dealing& x) { ar(x.chain, x.epoch, x.content); }

/// Two vertices that one author of either chain signed for one round: self-proving, anyone may
/// bring them (consensus.md 2.11).
struct equivocation {
  consensus::signed_header first;
  consensus::signed_header second;
};
template <class Archive>
void describe(Archive& ar, equivocation& x) { ar(x.first, x.second); }

}  // namespace tx

/// Append, never reorder: the index is the wire form.
using transaction_body =
  std::variant<tx::transfer, tx::open_session, tx::close_session, tx::join, tx::set_ask, tx::leave,
               tx::echo_report, tx::checkpoint, tx::open_leaf, tx::check_commit, tx::check_reveal,
               tx::open_commitment, tx::user_evidence, tx::claim, tx::appeal, tx::stand,
               tx::stand_down, tx::coin_dealing, tx::equivocation, tx::propose, tx::support,
               tx::vote, tx::add_stake, tx::twin_receipts, tx::twin_tickets, tx::ask_for_leaf,
               tx::show_leaf, tx::unavailable, tx::stored, tx::challenge_witness,
               tx::register_canary, tx::reveal_canary, tx::claim_fraud, tx::ask_echo,
               tx::delegate_session, tx::not_delivered, tx::delivered, tx::wrong_witness,
               tx::ask_for_count, tx::show_count>;

struct transaction {
  chain_id chain;
  account_id sender;  ///< All zero for what proves itself: `checkpoint`, `open_leaf`, …
  std::uint64_t nonce = 0;  ///< Money moves: 1, 2, … per sender; duties: 0.
  transaction_body body;
  signature by;             ///< Sender's, over `transaction_statement`; all zero without a sender.
};
template <class Archive>
void describe(Archive& ar, transaction& x) {
  ar(x.chain, x.sender, x.nonce, x.body, x.by);
}
inline constexpr std::size_t transaction_bytes_max = std::size_t{64} * 1024;

bytes transaction_statement(const transaction& x);
/// Signed canonical bytes, ready for a mempool.
bytes make_transaction(const chain_id& chain, const key_pair& sender, std::uint64_t nonce,
                       transaction_body body);
/// Canonical bytes of a self-proving transaction.
bytes make_unsigned(const chain_id& chain, transaction_body body);
/// First eight bytes of H("session", chain, sender, nonce).
session_id session_id_of(const chain_id& chain, const account_id& sender, std::uint64_t nonce);
/// What a validator signs when it answers an Echo.
bytes echo_statement(const chain_id& chain, session_id session, const digest& package,
                     validator_id validator, const digest& result);
/// What a member of the Fast committee signs when the validator that `session` is paired with does not
/// answer its probe, or slower than `echo_degrade_permille` of what the pairing was measured at.
bytes probe_statement(const chain_id& chain, session_id session, const digest& package,
                      validator_id validator);
/// What an end user signs to be served by a pool's session.
bytes delegation_statement(const chain_id& chain, const account_id& pool, std::uint64_t nonce,
                           std::uint64_t expires_ms);
/// What a member of the Fast committee signs when it holds the result behind `commitment`, encrypted
/// to its user, and hands it out.
bytes delivered_statement(const chain_id& chain, const job_id& job, std::uint8_t attempt,
                          const digest& commitment);
/// What a member of the Fast committee signs when it has recomputed a witness and found it wrong.
bytes wrong_witness_statement(const chain_id& chain, const job_id& job, std::uint8_t attempt,
                              validator_id checker, const digest& witness);
/// What a member of the Fast committee signs when it holds the input of an audited job.
bytes stored_statement(const chain_id& chain, const job_id& job, std::uint8_t attempt,
                       const digest& input);
/// What a cooperating user signs about its job: that `validator` will commit another digest.
bytes canary_statement(const chain_id& chain, const job_id& job, validator_id validator,
                       const digest& truth);
/// H(secret, job, truth, co-signature of the user).
digest canary_commitment(const tx::reveal_canary& x);

}  // namespace datagen::protocol::ledger
