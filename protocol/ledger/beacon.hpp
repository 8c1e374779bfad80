#pragma once
// The audit beacon of a development chain (consensus.md section 3.4): a request is opened by the
// block that records its cause, shares are released after that block is output, and beta is known
// with q of them. Here beta is a hash, not a threshold signature, so it hides nothing from whoever
// knows the block: for development chains only.

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

/// H("dev-beacon", genesis digest, block digest).
digest development_beacon(const digest& genesis, const digest& block);

/// Counts the shares in `vertices`. @returns the beacons that became known, by request height
std::vector<std::pair<std::uint64_t, digest>> count_shares(
  block_scope& b, std::span<const consensus::vertex_ptr> vertices);
/// Opens the request of the present block, `block`.
void request_beacon(block_scope& b, const digest& block);

}  // namespace datagen::protocol::ledger
