#pragma once
// The audit beacon (consensus.md section 3.4): a request is opened by the block that records its
// cause, authors release their shares after that block is output, and its value is known with q of
// them: nobody knows it before the cause is final, and nobody can steer it.

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

/// Takes up the shares in `vertices`, which are verified as such; only those of the epoch that is
/// under way count, since its committee alone has the keys. @returns the beacons that became known,
/// by request height: for a request h that an earlier epoch left open,
/// H("beacon-reopened", value of the one that re-opened it, h).
std::vector<std::pair<std::uint64_t, digest>> count_shares(
  block_scope& b, std::span<const consensus::vertex_ptr> vertices);
/// Opens the request of the present block, and with it those that an earlier epoch left open.
void request_beacon(block_scope& b);

}  // namespace datagen::protocol::ledger
