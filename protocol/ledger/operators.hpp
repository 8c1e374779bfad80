#pragma once
// One checker per operator (protocol.md section 2, step 7): operators as the draws name them.

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

/// The name of an operator in draws. The id is a hint the operator gave itself.
inline account_id operator_account(std::uint32_t operator_id) {
  return {hash("operator", operator_id).value};
}

}  // namespace datagen::protocol::ledger
