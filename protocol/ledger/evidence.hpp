#pragma once
// Two signed headers of one (chain, epoch, author, round) prove equivocation by themselves
// (consensus.md 2.11): the author's stake is slashed at once, once per epoch, and no appeal is
// heard, since nobody but the author can make them. No reward: the evidence names no sender, so
// whoever orders it could take the reward of whoever found it.

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] evidence_check : std::uint8_t{
  ok = 0,
  not_twins = 1,          ///< 2.11: one chain, epoch, author and round, two different vertices.
  unknown_committee = 2,  ///< Neither serving nor answerable any more.
  unknown_author = 3,
  already_slashed = 4,  ///< Once per chain, epoch and author.
  bad_signature = 5,    ///< Both must be the author's.
};

ruling<evidence_check> check(const rulebook& rules, const state& now, const tx::equivocation& x);
/// @pre `check` returned ok
void apply(block_scope& b, const tx::equivocation& x);

}  // namespace datagen::protocol::ledger
