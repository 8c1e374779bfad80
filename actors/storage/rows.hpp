#pragma once
// What the store keeps, one struct per table, and the batch that becomes one transaction.
// Integers are stored as SQLite's signed 64 bits: values of 2^63 and above are refused.

#include "protocol/types.hpp"

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace datagen::storage {

using protocol::bytes;
using protocol::digest;

/// A block of the DAG. One own vertex per (chain, epoch, round): the store refuses a second one,
/// so that a restarted author cannot equivocate (consensus.md 2.12).
struct stored_vertex {
  std::uint8_t chain = 0;
  std::uint64_t epoch = 0;
  std::uint64_t round = 0;
  std::uint32_t author = 0;
  digest id{};       ///< Primary key; a vertex stored twice is kept once.
  bool own = false;  ///< Proposed by this identity.
  bytes body;        ///< Canonical bytes, resent verbatim.
};

/// A commit of the linearised chain. Appending a height again is a no-op when digest and state root
/// agree (replay), fills in a zero state root, and is otherwise a fault: replay diverged.
struct stored_commit {
  std::uint8_t chain = 0;
  std::uint64_t height = 0;
  digest id{};
  bytes block;
  digest state_root{};  ///< All zeros until the block was executed.
  std::uint64_t time_ms = 0;
};

struct stored_certificate {
  std::uint8_t chain = 0;
  std::uint64_t height = 0;
  bytes body;
};

/// State at a height; the store keeps the newest two of each chain.
struct stored_snapshot {
  std::uint8_t chain = 0;
  std::uint64_t height = 0;
  bytes state;
  /// When it is written the newest other one stays, and those from the newest one at or below this
  /// height on.
  std::uint64_t back_to = std::numeric_limits<std::int64_t>::max();
};

/// A receipt of one attempt of a job; put again to change its bytes or its state.
struct stored_receipt {
  protocol::job_id job{};
  std::uint32_t attempt = 0;
  std::uint8_t state = 0;  ///< The caller's numbering.
  bytes body;
};

/// A small durable fact of a role, found by kind and key.
struct stored_record {
  std::string kind;
  bytes key;
  bytes value;
};

/// A change to the records: a value is put (inserted or replaced), no value deletes.
struct record_write {
  std::string kind;
  bytes key;
  std::optional<bytes> value;
};

/// Content kept by its digest until it expires; put again, it lives for the longer of both times.
/// The store does not recompute digests: the caller checked `id` before.
inline constexpr std::uint64_t never_expires_ms = INT64_MAX;
struct stored_blob {
  digest id{};
  std::uint64_t stored_at_ms = 0;
  std::uint64_t expires_at_ms = 0;
  bytes body;
};

/// Where an event stands in a chain's history.
struct event_position {
  std::uint64_t height = 0;
  std::uint32_t index = 0;
  friend auto operator<=>(const event_position&, const event_position&) = default;
};

/// An entry of the history pages. An event stored twice is kept once.
struct stored_event {
  std::uint8_t chain = 0;
  event_position position;
  std::string kind;
  bytes subject;  ///< Account, validator or job that it concerns.
  bytes body;
};

/// Deletes the vertices of `chain` at or below (epoch, round), except the newest own vertex, which
/// a restart must find. The caller keeps `round` below the oldest commit it still needs.
struct vertex_prune {
  std::uint8_t chain = 0;
  std::uint64_t epoch = 0;
  std::uint64_t round = 0;
};

/// Deletes commits, certificates and snapshots of `chain` above `height`: what a committee ordered
/// there is void (consensus.md 2.13). Vertices stay; they name their epoch.
struct chain_cut {
  std::uint8_t chain = 0;
  std::uint64_t height = 0;
};

/// Everything that becomes durable together: one transaction, one fsync (group commit). Applied in
/// the order of the fields, each vector from front to back.
struct write_batch {
  std::vector<chain_cut> cuts;
  std::vector<stored_vertex> vertices;
  std::vector<stored_commit> commits;
  std::vector<stored_certificate> certificates;
  std::vector<stored_snapshot> snapshots;
  std::vector<stored_receipt> receipts;
  std::vector<record_write> records;
  std::vector<digest> dropped_blobs;                ///< Deleted, where they are there.
  std::optional<std::uint64_t> expire_blobs_at_ms;  ///< Deletes blobs that expire at or before.
  std::vector<stored_blob> blobs;
  std::vector<stored_event> events;
  std::vector<vertex_prune> prunes;

  bool empty() const;
};

enum class order : std::uint8_t { ascending, descending };

/// Which events a history page wants; unset fields match everything.
struct event_query {
  std::uint8_t chain = 0;
  std::optional<bytes> subject;
  std::optional<std::string> kind;
  std::uint64_t height_min = 0;
  std::uint64_t height_max = INT64_MAX;
  std::optional<event_position> after;  ///< The `next` of the page before.
  order direction = order::descending;
  std::uint32_t limit = 50;  ///< At most `store_config::page_rows_max`.
};

struct event_page {
  std::vector<stored_event> events;
  std::optional<event_position> next;  ///< Absent on the last page.
};

/// Which commits a block list wants; both heights are included.
struct commit_range {
  std::uint8_t chain = 0;
  std::uint64_t height_min = 0;
  std::uint64_t height_max = INT64_MAX;
  order direction = order::descending;
  std::uint32_t limit = 50;
};

}  // namespace datagen::storage
