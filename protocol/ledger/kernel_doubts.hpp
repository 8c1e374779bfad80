#pragma once
// Kernel versions whose audits end without an answer (protocol.md section 3, table of outcomes,
// `undetermined`): suspended after repeats, and only for a time.
//
// An audit speaks against its kernel when those who computed it differ and no digest is held by more
// than half of them, by stake where all validators were asked. A kernel that works gives every honest
// validator one digest, so a ring that leaves audits undetermined (a third of the stake can) does not
// have it suspended, unless it has as much stake as the honest ones that answer. Repeats count within
// one epoch, and a suspension lasts for one: whoever is strong enough to bring it about must do it
// again for every epoch, and a version that differs on some devices is stopped again after as many
// audits, whose users have their money back.

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

/// An audit ended undetermined: its kernel version may be suspended.
void doubt_kernel(block_scope& b, const audit_record& audit);
/// Resumes the versions whose suspension is over.
void resume_kernels(block_scope& b);

}  // namespace datagen::protocol::ledger
