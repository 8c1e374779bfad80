#pragma once
// What a node finds on its disk when it starts again, read before any role runs.

#include "actors/block_author.hpp"
#include "actors/storage/store.hpp"
#include "actors/validator.hpp"

namespace datagen {

/// What an author goes on from, of all that is stored of one chain. Restores the newest snapshot and
/// executes the blocks after it again, which must lead to the stored roots. Errors are sentences.
/// @param genesis_term the chain's first epoch
/// @param blocks_max so many of the last blocks are held in memory, or as many more as are needed
storage::result<author_memory> load_author(storage::store& store, std::uint8_t chain,
                                           chain_service& service, const epoch_term& genesis_term,
                                           std::uint32_t gc_depth,
                                           std::size_t blocks_max = kept_blocks_default);
/// A validator's promises, settled ones too.
storage::result<std::vector<stored_promise>> load_promises(storage::store& store);
/// Canaries whose reveal it may still owe.
storage::result<std::vector<stored_canary>> load_canaries(storage::store& store);

}  // namespace datagen
