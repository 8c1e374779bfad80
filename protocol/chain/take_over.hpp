#pragma once
// A state from a stranger, after a quorum's word on it was found good (consensus.md 2.15).

#include "protocol/chain/state_machine.hpp"
#include "protocol/consensus/certificate.hpp"

namespace datagen::protocol::chain {

/// Replaces the machine's state by `snapshot` if that is the state that `said` is about.
/// @returns false, with the machine as it was, if it is not.
bool take_over(state_machine& machine, byte_view snapshot,
               const consensus::finality_statement& said);

}  // namespace datagen::protocol::chain
