#pragma once
// How the database of an identity tells its two chains apart, and how a vertex becomes a row of it.

#include "messages/peer.hpp"

#include "actors/storage/rows.hpp"

#include "protocol/consensus/vertex.hpp"

namespace datagen {

inline constexpr std::uint8_t heavy_chain_number = 0;
inline constexpr std::uint8_t fast_chain_number = 1;

inline std::uint8_t chain_number(const peer& author) {
  return author.kind == role::heavy_author ? heavy_chain_number : fast_chain_number;
}

inline storage::stored_vertex row_of(std::uint8_t chain,
                                     const protocol::consensus::sealed_vertex& v, bool own) {
  return {.chain = chain,
          .epoch = v.body.epoch,
          .round = v.body.round,
          .author = v.body.author,
          .id = v.ref.id,
          .own = own,
          .body = encode_vertex(v)};
}

}  // namespace datagen
