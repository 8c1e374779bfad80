#pragma once
// A pool and its end users (protocol.md section 1, user): one requestor's escrow, many keys, each with a
// limit, an end and a pairing of its own.

#include "messages/define.hpp"

#include "protocol/ledger/transactions.hpp"

namespace datagen::v1 {

/// End user's program -> its user actor: the pool `payer` will pay for a session of this key, with its
/// money move number `nonce`. It is paired and used like one of its own.
struct pool_offer {
  protocol::account_id payer;
  std::uint64_t nonce = 0;
  protocol::ledger::tx::pairing_mode mode = protocol::ledger::tx::pairing_mode::latency;
  std::uint64_t expires_ms = 0;  ///< Live time.
};
DATAGEN_MESSAGE(pool_offer, x.payer, x.nonce, x.mode, x.expires_ms)

/// The same way back: what the pool needs to open it.
struct pool_consent {
  protocol::public_key key;
  protocol::session_id session;
  protocol::signature by;  ///< Over `ledger::delegation_statement`.
};
DATAGEN_MESSAGE(pool_consent, x.key, x.session, x.by)

/// Pool's program -> its user actor: open the session of another key. Answered once the chain has it.
struct delegation_wish {
  std::uint64_t nonce = 0;  ///< That the consent names: the pool's next money move.
  protocol::ledger::tx::delegate_session terms;
};
DATAGEN_MESSAGE(delegation_wish, x.nonce, x.terms)

}  // namespace datagen::v1
