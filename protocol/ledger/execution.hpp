#pragma once
// One transaction against the state: envelope, rule, effect (protocol.md section 6, signed
// statements).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

/// Rules every transaction meets before its own. Codes of the bodies' rules lie above: body index
/// plus one, times 100, plus the number in the body's enum.
enum class [[nodiscard]] envelope_check : std::uint8_t {
  ok = 0,
  too_long = 1,        ///< Section 7.9: at most `transaction_bytes_max`.
  malformed = 2,       ///< Section 6: canonical bytes only.
  wrong_chain = 3,     ///< Section 6: every signed statement binds its chain.
  wrong_sender = 4,    ///< Self-proving transactions name no sender, others do.
  wrong_nonce = 5,     ///< Money moves count up by one per sender; duties carry 0.
  bad_signature = 6,   ///< Section 6: strict Ed25519 by the sender.
  duplicate = 7,       ///< Consensus.md 2.8: executed earlier in this block.
  fee_not_covered = 8, ///< Section 4: a money move burns `transaction_fee` first.
};
inline constexpr std::uint16_t codes_per_body = 100;
/// How far ahead of its turn a money move is worth keeping.
inline constexpr std::uint64_t nonces_ahead_max = 64;

struct decision {
  std::uint16_t code = 0;
  std::string reason;
  bool later = false;  ///< Refused now, but its turn may come.
};

/// A money move counts its sender's nonce up; everything else carries 0.
bool takes_nonce(const transaction_body& x);
/// A money move burns the fee, but for those that only ask for what is locked to come back: each can
/// be said once for something that a fee was paid for, and shall not need a balance.
bool pays_fee(const transaction_body& x);
/// Would `x` be applied now?
decision check(const rulebook& rules, const state& now, const transaction& x);
/// @pre `check` returned code 0
void apply(block_scope& b, const transaction& x);
/// Decodes `data`. @returns nothing, with `why` set, when it is no transaction
std::optional<transaction> read(byte_view data, decision& why);

}  // namespace datagen::protocol::ledger
