#pragma once
// Who takes part in one epoch of one chain, and the numbers the engine runs with.

#include "protocol/crypto/coin/share.hpp"
#include "protocol/crypto/hash.hpp"

namespace datagen::protocol::consensus {

using author_index = std::uint16_t;  ///< Position in the committee of the epoch.
using round_number = std::uint32_t;  ///< Round of the DAG; 0 is the synthetic genesis.
using commit_index = std::uint64_t;  ///< Height of an output block; the first one is 1.

/// Names one vertex. Ordered by (round, author, digest): the output order of consensus.md 2.8.
struct vertex_ref {
  round_number round = 0;
  author_index author = 0;
  digest id{};
  friend auto operator<=>(const vertex_ref&, const vertex_ref&) = default;
};
template <class Archive>
void describe(Archive& ar, vertex_ref& x) {
  ar(x.round, x.author, x.id);
}

/// Who serves one epoch of one chain: what the epoch before hands over to (consensus.md 2.13).
struct roster {
  protocol::chain_id chain{};
  std::uint32_t epoch = 0;
  std::vector<public_key> authors;  ///< One vote each; their index is the author's name.
  /// Their ids in the chain's registry (Heavy: author id, Fast: validator id), which outlive epochs
  /// and are their addresses. As many as `authors`.
  std::vector<std::uint32_t> ids;
  coin_keys coin{};  ///< Of the epoch's coin and audit beacon.

  std::size_t size() const { return authors.size(); }
  std::size_t faults() const { return (size() - 1) / 3; }   ///< f
  std::size_t quorum() const { return size() - faults(); }  ///< q = n - f
  /// The author with this id; nothing when it does not serve.
  std::optional<author_index> index_of(std::uint32_t id) const;
  friend bool operator==(const roster&, const roster&) = default;
};
template <class Archive>
void describe(Archive& ar, roster& x) {
  ar(x.chain, x.epoch, x.authors, x.ids, x.coin);
}
/// H("roster", all of it): what a finality statement names as the next committee.
digest digest_of(const roster& x);

/// A roster at work: fixed from the epoch's genesis to its last commit.
struct committee : roster {
  committee() = default;
  committee(roster who, const digest& previous, std::uint64_t time_ms)
      : roster(std::move(who)), previous_commit(previous), genesis_time_ms(time_ms) {}
  digest previous_commit{};           ///< Last commit of the epoch before, or the genesis digest.
  std::uint64_t genesis_time_ms = 0;  ///< Timestamp of the synthetic round 0.
};

/// The synthetic round-0 vertices, one per author, never sent (consensus.md 2.1).
std::vector<vertex_ref> genesis_refs(const committee& c);

/// The engine's numbers (consensus.md 2.17). Every value is an argument; nothing is a constant.
struct engine_params {
  std::uint32_t wave = 5;     ///< w: rounds from proposal to decision, both included; >= 3.
  std::uint32_t leaders = 2;  ///< l: slots per round, 1..n.
  std::uint64_t min_round_delay_ms = 50;
  std::uint64_t wait_all_ms = 150;     ///< Patience for the active authors beyond the quorum.
  std::uint64_t idle_ms = 1000;        ///< Round interval while there is nothing to order.
  std::uint32_t gc_depth = 60;         ///< Rounds kept below the last committed leader; >= 10 w.
  std::uint64_t resync_ms = 2000;      ///< Without an own round for so long, ask every peer.
  std::uint64_t fetch_retry_ms = 200;  ///< Then two other peers are asked (2.15).
  std::uint64_t fetch_timeout_ms = 2000;
  std::uint32_t fetch_batch_max = 100;              ///< References per request, vertices per reply.
  std::uint32_t reply_bytes_max = 4 * 1024 * 1024;  ///< Payload per reply.
  std::uint32_t fetches_per_peer_max = 5;
  std::uint32_t rounds_ahead_max = 100;  ///< Farther vertices are dropped unless requested (2.3).
  std::uint32_t backlog_max = 64;        ///< Unexecuted commits before payload stops (2.14).
  std::uint32_t transactions_max = 4096;
  std::uint32_t payload_bytes_max = 512 * 1024;
  std::uint32_t vertex_bytes_max = 1024 * 1024;
  std::uint32_t finality_votes_max = 100;
  std::uint32_t beacon_shares_max = 8;

  round_number vote_round(round_number slot) const { return slot + wave - 2; }
  round_number decision_round(round_number slot) const { return slot + wave - 1; }
  /// The slot round whose coin share a vertex of `round` carries; nothing in the first rounds.
  std::optional<round_number> slot_decided_at(round_number round) const {
    return round >= wave ? std::optional{round - wave + 1} : std::nullopt;
  }
};

/// The defaults of 2.17 for a committee of `size`: Heavy runs w = 5, Fast w = 4; one leader at n
/// = 4.
engine_params heavy_params(std::size_t size);
engine_params fast_params(std::size_t size);

}  // namespace datagen::protocol::consensus
