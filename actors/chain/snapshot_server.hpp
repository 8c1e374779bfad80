#pragma once
// What an archive gives to an author for which nobody keeps blocks any more (consensus.md 2.15): a
// stored state in pieces, and what proves it.

#include "messages/chain.hpp"
#include "messages/local.hpp"

#include "actors/storage/store.hpp"

namespace datagen {

/// Records of a Heavy author, by (chain, epoch): the height of the epoch's last block, for ever.
inline constexpr const char* epoch_end_record = "epoch-end";

/// The newest stored state whose block is certified; 0 = none.
std::uint64_t newest_certified_state(storage::store& store, std::uint8_t chain);

class snapshot_server {
public:
  v1::snapshot_piece serve(storage::store& store, const v1::snapshot_read& query);

private:
  /// Holds the state at `height` at hand. @returns false where it is not stored.
  bool load(storage::store& store, std::uint8_t chain, std::uint64_t height);

  std::optional<storage::stored_snapshot> open_;  ///< Given out at present: read once, not per piece.
};

}  // namespace datagen
