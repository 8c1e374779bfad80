#include "protocol/ledger/audit_record.hpp"

namespace datagen::protocol::ledger {

const char* to_string(stage_kind x) {
  constexpr const char* names[] = {"first", "refill", "fifth", "escalation", "last"};
  return names[static_cast<std::size_t>(x)];
}

digest content_digest(const audit_history& x) {
  std::vector<digest> ids;
  for (const auto& [number, entry] : x.entries)
    ids.push_back(entry.id);
  return hash("section", x.next, ids);
}

}  // namespace datagen::protocol::ledger
