#pragma once
// Hand-over from one committee to the next (consensus.md 2.13). Heavy's own epoch ends with the
// first block that finds the term over and the next coin ready; Fast's with the last checkpoint of
// the committee that closed, or, where none comes, with the last one that did.

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

/// Seats Heavy's next committee when its time has come: then the block under way is its epoch's
/// last, and the beacon requests still open wait for the next epoch (3.4). @returns who follows
std::optional<consensus::roster> end_heavy_epoch(block_scope& b);
/// `base` is the closed Fast committee's last block: its successor begins after it.
/// @pre the successor is ready
void seat_fast(block_scope& b, const fast_base& base);
/// Replaces a Fast committee that has let `fast_dead_heavy_blocks` pass since its successor was
/// ready, and forgets committees that answer for nothing any more.
void run_succession(block_scope& b);

/// Does `id` (author or validator) sit, or has it sat so lately that evidence against it still
/// counts? Its stake stays. Those elected to follow count too.
bool answers(const chain_committees& of, std::uint32_t id);

}  // namespace datagen::protocol::ledger
