#pragma once
// Ordering leaves (protocol.md section 2, step 6): who may commit one, and which of them is paid.

#include "protocol/fast/events.hpp"
#include "protocol/fast/state.hpp"

namespace datagen::protocol::fast {

/// May `x` be ordered now? Changes nothing; the cheap rules come before the signatures.
/// `equivocated` is answered only for a second leaf that is itself fully signed.
ruling check(const state& now, const setting& rules, const tx::submit_leaf& x,
             const signature_checker& signatures);
/// Likewise for a leaf that was posted on Heavy, which has to be ordered to be drawn (step 6, no
/// dodging): neither the value cap nor the backlog holds it up, and beyond its lane it is ordered
/// unpaid. One whose job is paid for long is not ordered again: whoever posted it has answered.
ruling check_posted(const state& now, const setting& rules, const receipt& x,
                    const signature_checker& signatures);
/// Orders the leaf. It is payable unless another attempt at the job is, or its lane has too little.
/// @pre `check` or `check_posted` holds
happened::leaf_ordered apply(state& now, const tx::submit_leaf& x);
/// Keeps a validator's second leaf as evidence: one per ordered leaf, while there is room.
/// @returns true when it is new. @pre `check` answers `equivocated`
bool apply_equivocation(state& now, const receipt& second);

/// Where a leaf stands, as the API shows it.
enum class leaf_stage : std::uint8_t { unknown = 0, ordered = 1, checkpointed = 2, settled = 3 };
struct leaf_status {
  leaf_stage stage = leaf_stage::unknown;
  bool payable = false;
  std::uint64_t height = 0;
  std::uint64_t checkpoint = 0;  ///< Sequence it is in, or will be in.
  std::uint32_t index = 0;
};
leaf_status status_of(const state& now, const job_id& job, std::uint8_t attempt);

}  // namespace datagen::protocol::fast
