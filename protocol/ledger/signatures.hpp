#pragma once
// Availability is decided by signatures, not opinion (protocol.md section 2, step 8): f+1 members of
// the serving Fast committee, of whom one at least is right.

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

using member_signatures = std::vector<std::pair<consensus::author_index, signature>>;

/// Why `said` does not settle it: a signature that is not the next member's over `statement`, or too
/// few of them. @returns an empty sentence when f+1 members stand behind the statement
std::string lacks_members(const rulebook& rules, const state& now, byte_view statement,
                          const member_signatures& said);

}  // namespace datagen::protocol::ledger
