#include "protocol/ledger/audit_record.hpp"

namespace datagen::protocol::ledger {

const char* to_string(stage_kind x) {
  constexpr const char* names[] = {"first", "refill", "fifth", "escalation", "last"};
  return names[static_cast<std::size_t>(x)];
}

}  // namespace datagen::protocol::ledger
