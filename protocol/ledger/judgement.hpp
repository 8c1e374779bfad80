#pragma once
// From an audit's record to a verdict: which digests stand in which slots, and who was wrong
// (R19, R20; protocol.md section 3).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

struct judgement {
  verdict table;                  ///< Later stages are told as rule h2.
  std::set<validator_id> losers;  ///< Checkers that pay `wrong_check`.
};

/// What the record shows now that the windows of its last stage are over.
judgement judgement_of(const parameters& p, const audit_record& audit);
/// The first of C1, C2, C3 without an answer.
std::optional<std::uint8_t> absent_slot(const audit_record& audit);

}  // namespace datagen::protocol::ledger
