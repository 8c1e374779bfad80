#pragma once
// What an archive tells its author about the chain: a stretch for a peer that is behind, an epoch's
// vertices for a new engine, the way back to an earlier block. Reads only.

#include "messages/chain.hpp"
#include "messages/local.hpp"

#include "actors/storage/store.hpp"

namespace datagen {

/// A block as the archive keeps it: what it led to, and the commit that it is.
struct stored_block {
  v1::block_news news;
  protocol::consensus::commit block;
};
template <class Archive>
void describe(Archive& ar, stored_block& x) {
  ar(x.news, x.block);
}

/// The vertices among `raw`, canonical bytes as the archive keeps them.
std::vector<protocol::consensus::vertex_ptr> decode_all(const std::vector<protocol::bytes>& raw);

struct server_limits {
  std::uint32_t blocks_max = 64;
  std::size_t bytes_max = 4U << 20;  ///< Of vertices, unless the first certified block is larger.
};

std::optional<protocol::consensus::certificate> read_certificate(storage::store& store,
                                                                 std::uint8_t chain,
                                                                 std::uint64_t height);

/// Blocks from `first` on, up to the last certified one that fits; none where there is none, or
/// where vertices are no longer kept: then it says which state it could give instead.
v1::block_answer serve(storage::store& store, const v1::range_query& query,
                       const server_limits& limits = {});
v1::epoch_reply serve(storage::store& store, const v1::epoch_query& query);
v1::rewind_reply serve(storage::store& store, const v1::rewind_query& query);

}  // namespace datagen
