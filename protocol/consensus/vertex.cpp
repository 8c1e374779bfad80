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

namespace {

vertex_ptr sealed(vertex body, const signature& sig, const vertex_ref& ref, std::size_t size) {
  return std::make_shared<const sealed_vertex>(sealed_vertex{std::move(body), sig, ref, size});
}

vertex_ref ref_of(const vertex& v) { return {v.round, v.author, digest_of(v)}; }

}  // namespace

vertex_ptr seal(signed_vertex v) {
  const auto ref = ref_of(v.body);
  const auto size = encode(v).size();
  return sealed(std::move(v.body), v.sig, ref, size);
}

vertex_ptr sign_vertex(vertex v, const key_pair& key) {
  const auto ref = ref_of(v);
  const auto sig = sign(key, signing_bytes(ref.id));
  const auto size = encode(v, sig).size();
  return sealed(std::move(v), sig, ref, size);
}

bytes encode_vertex(const sealed_vertex& v) { return encode(v.body, v.sig); }

vertex_ptr decode_vertex(byte_view data) {
  auto decoded = decode<signed_vertex>(data);
  if (!decoded)
    return nullptr;
  const auto ref = ref_of(decoded->body);
  return sealed(std::move(decoded->body), decoded->sig, ref, data.size());
}

}  // namespace datagen::protocol::consensus
