#pragma once
// Checkpoints (protocol.md section 2, step 6): every K blocks the leaves since the last one become
// one root for Heavy; what can still be drawn stays at hand to be opened (step 7).

#include "protocol/fast/state.hpp"

namespace datagen::protocol::fast {

/// Heavy orders checkpoints one after the other, about one per block. Beyond so many that it has not
/// settled, leaves gather for the next one: under load checkpoints grow, and the wait does not. It
/// also bounds what a committee that is declared dead leaves behind (consensus.md 2.13).
inline constexpr std::uint64_t unsettled_checkpoints_max = 8;

/// Ends the block: makes a checkpoint when K blocks have passed or a claim epoch closed, and there
/// is something in it; and the committee's last one, empty or not, when a successor is ready.
/// @returns its content. The caller proves it once the state root is known.
std::optional<ledger::tx::checkpoint_content> make_checkpoint(
  state& now, const setting& rules, const std::optional<ledger::tx::closed_epoch>& closes);

/// Opens leaf `index`: any one before the draw is known, drawn ones after it.
std::optional<ledger::tx::open_leaf> open_leaf(const state& now, std::uint64_t sequence,
                                               std::uint32_t index);
/// The path of leaf `index` to the checkpoint's leaf root, without its receipt.
std::optional<std::vector<digest>> leaf_path(const state& now, std::uint64_t sequence,
                                             std::uint32_t index);

/// Heavy drew: drawn leaves become openings, other receipts can no longer be asked for.
void apply_drawn(state& now, const ledger::happened::checkpoint_drawn& x);
/// The audit of a leaf has its final verdict: its value is at risk no more.
void apply_decided(state& now, const ledger::leaf_key& x);
/// A drawn leaf is open on Heavy.
void apply_opened(state& now, const leaf& x);

}  // namespace datagen::protocol::fast
