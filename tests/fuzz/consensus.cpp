// What authors send each other: vertices, commits, certificates, hand-overs, proofs of a state.

#include "tests/fuzz/codec_table.hpp"

#include "actors/chain/block_server.hpp"
#include "protocol/consensus/catch_up.hpp"
#include "protocol/consensus/hand_over.hpp"
#include "protocol/consensus/state_sync.hpp"

namespace datagen::fuzz {

using namespace protocol::consensus;

using table = codec_table<signed_vertex, signed_header, commit, certificate, roster, hand_over,
                          block_range, state_proof, epoch_term, stored_block>;

void check(byte_view data) {
  table::check(data);
  const auto [which, rest] = choose(data, 10);
  if (which != 0)
    return;
  if (const auto sealed = decode_vertex(rest)) {
    require(std::ranges::equal(encode_vertex(*sealed), rest), "a vertex has one encoding");
    require(sealed->size == rest.size(), "a vertex knows its size");
    require(sealed->ref.id == digest_of(header_of(*sealed).header),
            "a vertex is named by its header");
  }
}
std::vector<bytes> seeds() { return table::seeds(24); }

}  // namespace datagen::fuzz
