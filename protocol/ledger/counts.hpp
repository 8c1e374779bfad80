#pragma once
// Jobs of a closed epoch's totals, asked for by whoever is not shown their tree: a fraud proof needs
// what it speaks of, so what stays hidden is not paid (R15; protocol.md section 2, step 9).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] count_check : std::uint8_t {
  ok = 0,
  unknown_epoch = 1,
  not_closed = 2,          ///< Step 6: totals come with the end of the epoch.
  too_late = 3,            ///< Step 9: the epoch in which proofs are heard is over.
  no_such_entry = 4,       ///< The totals have fewer entries.
  already_asked = 5,       ///< Once each; and what is void needs no question.
  insufficient_funds = 6,  ///< The balance covers the deposit.
  not_asked = 7,           ///< Nobody asks for this job.
  bad_path = 8,            ///< Step 6: the job is not counted where the answer says.
  wrong_leaf = 9,          ///< The content is not that of the leaf that is counted.
};

ruling<count_check> check(const rulebook& rules, const state& now, const account_id& sender,
                          const tx::ask_for_count& x);
ruling<count_check> check(const rulebook& rules, const state& now, const tx::show_count& x);
/// @pre `check` returned ok
void apply(block_scope& b, const account_id& sender, const tx::ask_for_count& x);
void apply(block_scope& b, const tx::show_count& x);

/// What is not shown within `delivery_window_ms` makes its entry void; the deposit goes back.
void run_count_deadlines(block_scope& b);

}  // namespace datagen::protocol::ledger
