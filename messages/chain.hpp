#pragma once
// What authors say to each other, and what everyone else says to and hears from a chain.

#include "messages/define.hpp"

#include "protocol/chain/state_machine.hpp"
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
};
DATAGEN_MESSAGE(vertex_query, x.request, x.refs)

/// Your own vertices since this round, please.
struct vertices_since_query {
  std::uint64_t request = 0;
  std::uint32_t round = 0;
};
DATAGEN_MESSAGE(vertices_since_query, x.request, x.round)

/// Answer to either query; may hold fewer than asked for.
struct vertices_reply {
  std::uint64_t request = 0;
  std::vector<blob> vertices;
};
DATAGEN_MESSAGE(vertices_reply, x.request, x.vertices)

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
  protocol::digest block;
  protocol::digest previous;
  std::uint64_t timestamp_ms = 0;
  std::uint64_t live_ms = 0;     ///< Heavy live time; 0 on the Fast Chain.
  std::uint32_t author = 0;  ///< Of the leader vertex.
  std::uint32_t round = 0;
  std::uint32_t vertices = 0;
  std::uint64_t bytes = 0;   ///< Of all its vertices.
  protocol::digest state_root;
  std::vector<protocol::chain::transaction_outcome> outcomes;
  std::vector<protocol::bytes> events;
  std::vector<std::uint64_t> beacon_requests;
  bool worth_certifying = false;
  /// From section 0 to `state_root`, in Fast blocks that carry a checkpoint; else empty.
  std::uint32_t sections = 0;
  std::vector<protocol::digest> path;
};
DATAGEN_MESSAGE(block_news, x.height, x.block, x.previous, x.timestamp_ms, x.live_ms, x.author,
                x.round, x.vertices, x.bytes, x.state_root, x.outcomes, x.events,
                x.beacon_requests, x.worth_certifying, x.sections, x.path)

/// What a Heavy author can be asked about its state; the key and the record's type by kind.
enum class state_kind : std::uint8_t {
  account = 0,     ///< key account_id -> ledger::account
  validators = 1,  ///< no key -> map<validator_id, ledger::validator_record>
  session = 2,     ///< key session_id -> ledger::session_record
  audit = 3,       ///< key (job_id, u8 attempt) -> ledger::audit_record
  supply = 4,      ///< no key -> ledger::supply
  checkpoint = 5,  ///< key u64 sequence -> ledger::checkpoint_record
};
constexpr state_kind max_value(state_kind) { return state_kind::checkpoint; }

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
