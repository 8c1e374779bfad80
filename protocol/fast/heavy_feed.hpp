#pragma once
// Heavy's decisions as the Fast Chain acts on them (protocol.md sections 2.1 and 5): certified
// events in, validators, sessions, lanes, draws and payments out. Verified, not trusted.

#include "protocol/fast/state.hpp"

namespace datagen::protocol::fast {

/// Follows `x` when a quorum of Heavy authors stands behind it; anything else changes nothing.
/// Leaves that were posted on Heavy are appended to `posted`: to be ordered here and now.
ruling follow_heavy(state& now, const setting& rules, const tx::heavy_events& x,
                    const signature_checker& signatures, std::vector<receipt>& posted);
/// What `follow_heavy` would answer.
ruling check(const state& now, const setting&, const tx::heavy_events& x,
             const signature_checker& signatures);

}  // namespace datagen::protocol::fast
