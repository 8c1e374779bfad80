#pragma once
// What an audit's verdict does to money and standing (R27, R28; protocol.md section 3, table of
// outcomes, and section 4, slash).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

/// Applies the verdict in the record: pays, forfeits and refunds at once, or opens the appeal
/// window of a fault.
void conclude(block_scope& b, const audit_key& key);
/// The slash is no longer pending: fees, bounty and refund come out of it, the rest is burned.
void finish(block_scope& b, const audit_key& key);
/// What one check of `x` earns.
amount check_fee(const parameters& p, const leaf& x);
/// A checker was proved wrong: it pays `wrong_check` and is barred from checking, each time for
/// twice as long. @returns what was taken, for the caller to put into a bucket
amount punish_wrong_check(block_scope& b, validator_id id);
/// A checker that said nothing loses its turn for a while.
void bar_absent(block_scope& b, const audit_record& audit);
/// Tells that the audit goes on.
void announce_step(block_scope& b, const audit_record& audit, const verdict& found);

}  // namespace datagen::protocol::ledger
