#pragma once
// Echo roots (protocol.md section 2, step 2; R10): the user's measured answers as one digest in the
// ordered log, so that a report to Heavy can be held against what was said here.

#include "protocol/fast/events.hpp"
#include "protocol/fast/state.hpp"

namespace datagen::protocol::fast {

ruling check(const state& now, const setting& rules, const tx::echo_root& x,
             const signature_checker& signatures);
/// Records the root. @pre `check` holds
happened::echo_recorded apply(state& now, const tx::echo_root& x);

}  // namespace datagen::protocol::fast
