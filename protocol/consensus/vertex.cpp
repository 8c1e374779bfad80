#include "protocol/consensus/vertex.hpp"

namespace datagen::protocol::consensus {

vertex_header header_of(const vertex& v) {
  return {.chain = v.chain,
          .epoch = v.epoch,
          .round = v.round,
          .author = v.author,
          .timestamp_ms = v.timestamp_ms,
          .links = hash("vertex-links", v.ancestors, v.coin_share),
          .contents = hash("vertex-contents", v.transactions, v.finality_votes, v.beacon_shares)};
}

signed_header header_of(const sealed_vertex& v) { return {header_of(v.body), v.sig}; }

digest digest_of(const vertex_header& x) { return hash("vertex", x); }
digest digest_of(const vertex& v) { return digest_of(header_of(v)); }

bytes signing_bytes(const digest& vertex_digest) {
  return encode("vertex-signature", vertex_digest);
}

vertex_ptr seal(signed_vertex v) {
  const vertex_ref ref{v.body.round, v.body.author, digest_of(v.body)};
  return std::make_shared<const sealed_vertex>(sealed_vertex{std::move(v.body), v.sig, ref});
}

vertex_ptr sign_vertex(vertex v, const key_pair& key) {
  const vertex_ref ref{v.round, v.author, digest_of(v)};
  const auto sig = sign(key, signing_bytes(ref.id));
  return std::make_shared<const sealed_vertex>(sealed_vertex{std::move(v), sig, ref});
}

bytes encode_vertex(const sealed_vertex& v) { return encode(v.body, v.sig); }

vertex_ptr decode_vertex(byte_view data) {
  auto decoded = decode<signed_vertex>(data);
  return decoded ? seal(std::move(*decoded)) : nullptr;
}

}  // namespace datagen::protocol::consensus
