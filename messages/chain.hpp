#pragma once
// What authors say to each other, and what everyone else says to and hears from a chain.

#include "messages/define.hpp"

#include "protocol/chain/state_machine.hpp"
#include "protocol/consensus/catch_up.hpp"
#include "protocol/consensus/state_sync.hpp"
#include "protocol/crypto/box.hpp"
#include "protocol/crypto/coin/dkg.hpp"
#include "protocol/fast/transactions.hpp"

namespace datagen::v1 {

/// An author's new vertex, canonical bytes of a signed vertex.
struct vertex_gossip {
  blob vertex;
};
DATAGEN_MESSAGE(vertex_gossip, x.vertex)

/// Exactly these vertices, please.
struct vertex_query {
  std::uint64_t request = 0;
  std::vector<protocol::consensus::vertex_ref> refs;
  std::uint32_t epoch = 0;
};
DATAGEN_MESSAGE(vertex_query, x.request, x.refs, x.epoch)

/// Your own vertices since this round, please.
struct vertices_since_query {
  std::uint64_t request = 0;
  std::uint32_t round = 0;
  std::uint32_t epoch = 0;
};
DATAGEN_MESSAGE(vertices_since_query, x.request, x.round, x.epoch)

/// Answer to either query; may hold fewer than asked for.
struct vertices_reply {
  std::uint64_t request = 0;
  std::uint32_t epoch = 0;
  std::vector<blob> vertices;
};
DATAGEN_MESSAGE(vertices_reply, x.request, x.epoch, x.vertices)

/// The chain's blocks from `first` on, at most up to `last`, please.
struct block_query {
  std::uint64_t request = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};
DATAGEN_MESSAGE(block_query, x.request, x.first, x.last)

/// Blocks from the one asked for up to one that is certified, all of one epoch; none where the
/// sender has none to give. Says how far the sender is.
struct block_answer {
  std::uint64_t request = 0;
  std::uint32_t epoch = 0;   ///< That the sender is in.
  std::uint64_t height = 0;  ///< Highest block it has a certificate of.
  std::optional<protocol::consensus::block_range> blocks;
  std::uint64_t state = 0;  ///< Without blocks: height of the newest state it can give; 0 = none.
};
DATAGEN_MESSAGE(block_answer, x.request, x.epoch, x.height, x.blocks, x.state)

/// The state that you have, please: nobody keeps the blocks that I lack. Piece by piece.
struct snapshot_query {
  std::uint64_t request = 0;
  std::uint32_t epoch = 0;   ///< Whose committee the asker knows.
  std::uint64_t height = 0;  ///< 0 at first: the newest one.
  std::uint64_t offset = 0;  ///< Bytes that the asker has.
};
DATAGEN_MESSAGE(snapshot_query, x.request, x.epoch, x.height, x.offset)

/// A piece of the state after the block at `height`, 0 where there is none to give. Without a request
/// the answer to `follow_heavy`: only from `height` on the chain is known here, but there is a state.
struct snapshot_piece {
  std::uint64_t request = 0;
  std::uint64_t height = 0;
  std::uint64_t size = 0;  ///< Of the whole, bytes.
  std::uint64_t offset = 0;
  protocol::bytes data;
  std::optional<protocol::consensus::state_proof> proof;  ///< With the first piece.
};
DATAGEN_MESSAGE(snapshot_piece, x.request, x.height, x.size, x.offset, x.data, x.proof)

/// A member of an elected committee -> every other: the key my share is to be sealed under
/// (consensus.md 3.3, stage 2). Signed under the member's identity.
struct ceremony_key {
  protocol::chain_id chain;
  std::uint32_t epoch = 0;
  protocol::box_public key;
  protocol::signature by;  ///< Of `ceremony_key_statement`.
};
DATAGEN_MESSAGE(ceremony_key, x.chain, x.epoch, x.key, x.by)

/// A dealer -> a member: its share of my polynomial, sealed between our ceremony keys.
struct ceremony_share {
  protocol::chain_id chain;
  std::uint32_t epoch = 0;
  std::vector<protocol::coin_point> commitments;
  protocol::bytes sealed;
};
DATAGEN_MESSAGE(ceremony_share, x.chain, x.epoch, x.commitments, x.sealed)

/// A member -> a dealer: I hold my share, durably; a signature of `dkg::ack_statement`.
struct ceremony_ack {
  protocol::chain_id chain;
  std::uint32_t epoch = 0;
  protocol::signature by;
};
DATAGEN_MESSAGE(ceremony_ack, x.chain, x.epoch, x.by)

/// A transaction for the chain's mempool; `tell` asks for `transaction_done` once it was executed
/// or refused.
struct submit_transaction {
  protocol::bytes transaction;
  bool tell = false;
};
DATAGEN_MESSAGE(submit_transaction, x.transaction, x.tell)

struct transaction_done {
  protocol::chain::transaction_outcome outcome;
  std::uint64_t height = 0;  ///< 0: refused before it reached a block.
};
DATAGEN_MESSAGE(transaction_done, x.outcome, x.height)

/// Send me certified Heavy events above `height`, now and from now on.
struct follow_heavy {
  std::uint64_t height = 0;
};
DATAGEN_MESSAGE(follow_heavy, x.height)

struct heavy_news {
  protocol::ledger::certified_events content;
};
DATAGEN_MESSAGE(heavy_news, x.content)

/// Send me every block above `height`, now and from now on; with `certificates`, those as well.
struct follow_blocks {
  std::uint64_t height = 0;
  bool certificates = false;
};
DATAGEN_MESSAGE(follow_blocks, x.height, x.certificates)

/// One executed block, as pages and read models need it; also how the archive keeps it.
struct block_news {
  std::uint64_t height = 0;
  /// Whose committee ordered it. A later epoch may begin at or below a height that was told before:
  /// blocks of the epoch before from there on are void (consensus.md 2.13).
  std::uint32_t epoch = 0;
  protocol::digest block;
  protocol::digest previous;
  std::uint64_t timestamp_ms = 0;
  std::uint64_t live_ms = 0;     ///< Heavy live time; 0 on the Fast Chain.
  std::uint32_t author = 0;  ///< Of the leader vertex.
  std::uint32_t round = 0;
  std::uint32_t vertices = 0;
  std::vector<std::uint32_t> authors;  ///< Ids of those whose vertices it holds, ascending.
  std::uint64_t bytes = 0;   ///< Of all its vertices.
  protocol::digest state_root;
  std::vector<protocol::chain::transaction_outcome> outcomes;
  std::vector<protocol::bytes> events;
  std::vector<std::uint64_t> beacon_requests;
  bool worth_certifying = false;
  /// From section 0 to `state_root`, in Fast blocks that carry a checkpoint and in Heavy blocks with
  /// something to certify; else empty.
  std::uint32_t sections = 0;
  std::vector<protocol::digest> path;
  std::optional<protocol::consensus::roster> next;  ///< Who follows, in an epoch's last block.
};
DATAGEN_MESSAGE(block_news, x.height, x.epoch, x.block, x.previous, x.timestamp_ms, x.live_ms, x.author,
                x.round, x.vertices, x.authors, x.bytes, x.state_root, x.outcomes, x.events,
                x.beacon_requests, x.worth_certifying, x.sections, x.path, x.next)

/// What a Heavy author can be asked about its state; the key and the record's type by kind.
enum class state_kind : std::uint8_t {
  account = 0,     ///< key account_id -> ledger::account
  validators = 1,  ///< no key -> map<validator_id, ledger::validator_record>
  session = 2,     ///< key session_id -> ledger::session_record
  audit = 3,       ///< key (job_id, u8 attempt) -> ledger::audit_record
  supply = 4,      ///< no key -> ledger::supply
  checkpoint = 5,  ///< key u64 sequence -> ledger::checkpoint_record
  proposals = 6,   ///< no key -> ledger::proposals_in_sight
};
constexpr state_kind max_value(state_kind) { return state_kind::proposals; }

/// Gateway -> Heavy author: the record as of your last block, please.
struct state_query {
  std::uint64_t request = 0;
  state_kind kind = state_kind::account;
  protocol::bytes key;
};
DATAGEN_MESSAGE(state_query, x.request, x.kind, x.key)

struct state_reply {
  std::uint64_t request = 0;
  std::uint64_t height = 0;
  std::optional<protocol::bytes> record;  ///< Canonical bytes, or nothing known.
};
DATAGEN_MESSAGE(state_reply, x.request, x.height, x.record)

/// A quorum stands behind the block at this height.
struct block_certified {
  protocol::consensus::certificate proof;
};
DATAGEN_MESSAGE(block_certified, x.proof)

}  // namespace datagen::v1
