#pragma once
// A vertex: one author's signed statement for one round of the DAG (consensus.md 2.1).

#include "protocol/consensus/committee.hpp"
#include "protocol/crypto/sign.hpp"

#include <memory>

namespace datagen::protocol::consensus {

/// An author's signature on the finality statement of one executed block (`certificate.hpp`).
struct finality_vote {
  std::uint64_t height = 0;
  digest block{};
  digest state_root{};
  signature sig{};
  friend auto operator<=>(const finality_vote&, const finality_vote&) = default;
};
template <class Archive>
void describe(Archive& ar, finality_vote& x) {
  ar(x.height, x.block, x.state_root, x.sig);
}

/// The author has output block `height`, which asked for a beacon; its share of that beacon (3.4).
struct beacon_share {
  std::uint64_t height = 0;
  bytes share;
  friend auto operator<=>(const beacon_share&, const beacon_share&) = default;
};
template <class Archive>
void describe(Archive& ar, beacon_share& x) {
  ar(x.height, x.share);
}

struct vertex {
  protocol::chain_id chain{};
  std::uint32_t epoch = 0;
  round_number round = 0;
  author_index author = 0;
  std::uint64_t timestamp_ms = 0;     ///< Proposer's clock, never a validity rule (2.9).
  std::vector<vertex_ref> ancestors;  ///< Own previous vertex first (2.2).
  bytes coin_share;                   ///< For the slot that this round decides; else empty.
  std::vector<bytes> transactions;
  std::vector<finality_vote> finality_votes;
  std::vector<beacon_share> beacon_shares;
};
template <class Archive>
void describe(Archive& ar, vertex& x) {
  ar(x.chain, x.epoch, x.round, x.author, x.timestamp_ms, x.ancestors, x.coin_share, x.transactions,
     x.finality_votes, x.beacon_shares);
}

/// What an author's signature stands for: everything but the contents in clear. Two signed headers
/// of one (epoch, author, round) prove equivocation without anyone's payload (2.11).
struct vertex_header {
  protocol::chain_id chain{};
  std::uint32_t epoch = 0;
  round_number round = 0;
  author_index author = 0;
  std::uint64_t timestamp_ms = 0;
  digest links;     ///< H("vertex-links", ancestors, coin share).
  digest contents;  ///< H("vertex-contents", transactions, finality votes, beacon shares).
  friend bool operator==(const vertex_header&, const vertex_header&) = default;
};
template <class Archive>
void describe(Archive& ar, vertex_header& x) {
  ar(x.chain, x.epoch, x.round, x.author, x.timestamp_ms, x.links, x.contents);
}

struct signed_header {
  vertex_header header;
  signature sig{};
};
template <class Archive>
void describe(Archive& ar, signed_header& x) {
  ar(x.header, x.sig);
}

struct signed_vertex {
  vertex body;
  signature sig{};
};
template <class Archive>
void describe(Archive& ar, signed_vertex& x) {
  ar(x.body, x.sig);
}

/// A signed vertex with its name computed once; shared, never changed.
struct sealed_vertex {
  vertex body;
  signature sig{};
  vertex_ref ref;
  std::size_t size = 0;  ///< Of its canonical bytes, which nobody should have to make to know it.
};
using vertex_ptr = std::shared_ptr<const sealed_vertex>;

vertex_header header_of(const vertex& v);
/// H("vertex", header): names the vertex.
digest digest_of(const vertex_header& x);
digest digest_of(const vertex& v);
signed_header header_of(const sealed_vertex& v);
/// The bytes an author signs: the digest under a domain of its own.
bytes signing_bytes(const digest& vertex_digest);
/// Computes the digest. Says nothing about validity: see `check` in `verify.hpp`.
vertex_ptr seal(signed_vertex v);
/// Signs and seals an own vertex.
vertex_ptr sign_vertex(vertex v, const key_pair& key);
/// Canonical bytes for the wire and for storage; `decode_vertex` accepts exactly these.
bytes encode_vertex(const sealed_vertex& v);
/// @returns nothing when `data` is not the canonical encoding of a signed vertex.
vertex_ptr decode_vertex(byte_view data);

}  // namespace datagen::protocol::consensus
