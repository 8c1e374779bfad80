#include "protocol/ledger/signatures.hpp"

namespace datagen::protocol::ledger {

std::string lacks_members(const rulebook& rules, const state& now, byte_view statement,
                          const member_signatures& said) {
  const auto& members = now.committees->fast.now;
  const auto needed = members.size() - members.quorum() + 1;  // f+1
  for (std::size_t i = 0; i < said.size(); ++i) {
    const auto& [author, by] = said[i];
    if (author >= members.size() || (i > 0 && author <= said[i - 1].first) ||
        !rules.signatures->check(members.authors[author], statement, by))
      return "signature " + std::to_string(i) + " is not the next member's over this statement";
  }
  if (said.size() < needed)
    return std::to_string(said.size()) + " of the " + std::to_string(needed) +
           " signatures that settle it";
  return {};
}

}  // namespace datagen::protocol::ledger
