#pragma once
// What the core is told and what it asks for (consensus.md 7). Plain values: a recorded list of
// events replays to the same effects.

#include "protocol/consensus/commit.hpp"

#include <variant>

namespace datagen::protocol::consensus {

/// The time of an event. Pacing uses the first, vertex timestamps the second, so that a stepped
/// wall clock cannot stop the rounds.
struct instant {
  std::uint64_t monotonic_ms = 0;
  std::uint64_t unix_ms = 0;
};

namespace event {

/// First event of every run. Without `recent` it replays the epoch: the same commits are output
/// again (the shell compares them). With `recent` it resumes behind the last of them and needs
/// only vertices above its floor. Either way the last own vertex is sent again, verbatim.
struct start {
  std::vector<vertex_ptr> stored;  ///< Every persisted vertex (above the floor), in any order.
  std::vector<commit> recent;      ///< The last commits, ascending, from `first_commit` or from a
                                   ///< leader round at or below the floor of the last one.
  bool may_propose =
    true;  ///< False after the store was lost: observe until the next epoch (2.12).
};
/// Vertices from a peer, checked by `verify.hpp`. Own and already known ones are harmless.
struct vertices_verified {
  author_index from = 0;
  std::vector<vertex_ptr> vertices;
};
/// The answer of `from` to request `request`, vertices checked; may hold fewer than asked for.
struct fetch_reply {
  author_index from = 0;
  std::uint64_t request = 0;
  std::vector<vertex_ptr> vertices;
};
/// A peer wants exactly these vertices.
struct fetch_query {
  author_index from = 0;
  std::uint64_t request = 0;
  std::vector<vertex_ref> refs;
};
/// A peer wants our own vertices of rounds >= `round`, after a reconnect or a pause.
struct since_query {
  author_index from = 0;
  std::uint64_t request = 0;
  round_number round = 0;
};
/// The mempool holds transactions. Level, not edge: sending it twice is harmless.
struct transactions_waiting {};
/// Answer to `effect::want_payload`; may be empty. `more`: the mempool still holds some.
struct payload {
  std::vector<bytes> transactions;
  bool more = false;
};
/// Time has passed; due after `effect::wake_at`, harmless at any other time.
struct tick {};
/// Record `sequence` of `effect::persist` is durable.
struct persisted {
  std::uint64_t sequence = 0;
};
struct peer_up {
  author_index peer = 0;
};
struct peer_down {
  author_index peer = 0;
};
/// Commit `index` is executed. `vote` and `beacon_shares` travel in the next own vertex; `urgent`
/// ones end an idle pause (2.4).
struct commit_executed {
  commit_index index = 0;
  std::optional<finality_vote> vote;
  std::vector<beacon_share> beacon_shares;
  bool urgent = false;
};

/// The state machine found the epoch's last commit (2.13). What was output behind it, unexecuted,
/// and everything later in this DAG is void: own transactions in it come back by `effect::requeue`,
/// once. No commit is output and no payload taken any more; the core goes on at idle pace, so that
/// finality votes and the tail's vertices reach everybody. May precede `start`, after a restart:
/// nothing is output then.
struct epoch_closed {};

}  // namespace event

using any_event = std::variant<event::start, event::vertices_verified, event::fetch_reply,
                               event::fetch_query, event::since_query, event::transactions_waiting,
                               event::payload, event::tick, event::persisted, event::peer_up,
                               event::peer_down, event::commit_executed, event::epoch_closed>;

/// Why an operator should look. Numbers are logged: append, never renumber.
enum class alarm_kind : std::uint8_t {
  two_certified_twins = 1,  ///< 2.7: more than f faults; output has stopped for good.
  own_equivocation = 2,     ///< 2.11: a vertex signed by us that we do not hold; proposing stops.
  suspended_full = 3,       ///< 2.3: an author's limit of waiting vertices; further are dropped.
  diverged = 4,             ///< 2.15: a quorum certified another outcome of a block; we halt.
};

namespace effect {

/// Make durable, in one transaction and in the order of `sequence`; then answer
/// `event::persisted`. `accepted` are others' vertices accepted since the record before, so what
/// `own` refers to is durable with it (2.12).
struct persist {
  std::uint64_t sequence = 0;
  vertex_ptr own;
  std::vector<vertex_ptr> accepted;
};
/// Send an own vertex to every peer. Emitted only once its record is durable.
struct broadcast {
  vertex_ptr own;
};
/// Answer a query of `to`, echoing its request number.
struct send_vertices {
  author_index to = 0;
  std::uint64_t request = 0;
  std::vector<vertex_ptr> vertices;
};
/// Ask `peer` for exactly these vertices.
struct fetch {
  author_index peer = 0;
  std::uint64_t request = 0;
  std::vector<vertex_ref> refs;
};
/// Ask `peer` for its own vertices of rounds >= `round`; answered by a fetch reply.
struct fetch_since {
  author_index peer = 0;
  std::uint64_t request = 0;
  round_number round = 0;
};
/// The next block of the chain; `vertices` are in the order of `block.vertices`, and their
/// transactions execute in that order.
struct output {
  commit block;
  std::vector<vertex_ptr> vertices;
};
/// The core is ready to propose: answer with `event::payload`, at once where possible. No second
/// request comes before the answer.
struct want_payload {
  std::uint32_t bytes_max = 0;
  std::uint32_t transactions_max = 0;
};
/// Transactions of an own vertex that can no longer be committed: back to the mempool (2.10).
struct requeue {
  std::vector<bytes> transactions;
};
/// Deliver `event::tick` at this monotonic time; replaces the wake-up asked for before.
struct wake_at {
  std::uint64_t monotonic_ms = 0;
};
/// Two vertices signed by one author for one round (2.11): store both, submit as evidence.
struct evidence {
  vertex_ptr first;
  vertex_ptr second;
};
struct alarm {
  alarm_kind kind{};
  vertex_ref about;
};

}  // namespace effect

using any_effect =
  std::variant<effect::persist, effect::broadcast, effect::send_vertices, effect::fetch,
               effect::fetch_since, effect::output, effect::want_payload, effect::requeue,
               effect::wake_at, effect::evidence, effect::alarm>;

}  // namespace datagen::protocol::consensus
