#pragma once
// Echo: one small job to every validator, timed at the user's edge (protocol.md section 2, step 2).

#include "messages/define.hpp"

#include "protocol/job/job.hpp"
#include "protocol/ledger/transactions.hpp"

namespace datagen::v1 {

/// The package: `merkle.root` over 1 KiB grown from an unpredictable nonce, the same for everyone.
struct echo_package {
  protocol::chain_id chain;
  protocol::session_id session;
  protocol::digest nonce;
};
DATAGEN_MESSAGE(echo_package, x.chain, x.session, x.nonce)

/// A validator's signed answer.
struct echo_reply {
  protocol::session_id session;
  protocol::digest package;
  protocol::validator_id validator;
  protocol::digest result;
  protocol::signature by;  ///< Over `ledger::echo_statement`.
};
DATAGEN_MESSAGE(echo_reply, x.session, x.package, x.validator, x.result, x.by)

}  // namespace datagen::v1
