#pragma once
// Results that did not come (protocol.md section 2, step 9): validator -> the Fast committee's
// temporary store -> user.

#include "messages/define.hpp"

#include "protocol/crypto/box.hpp"
#include "protocol/job/job.hpp"

namespace datagen::v1 {

/// Validator -> Fast author: its user says that this result did not come, keep it for it.
struct result_offer {
  protocol::job_id job;
  std::uint8_t attempt = 0;
  protocol::digest salt;
  protocol::result_header result;
  blob output;
};
DATAGEN_MESSAGE(result_offer, x.job, x.attempt, x.salt, x.result, x.output)

/// Fast author -> validator: it opens the leaf, is held here, and handed out.
struct result_kept {
  protocol::job_id job;
  std::uint8_t attempt = 0;
  std::uint32_t author = 0;  ///< Id.
  protocol::signature by;    ///< Over `ledger::delivered_statement`.
};
DATAGEN_MESSAGE(result_kept, x.job, x.attempt, x.author, x.by)

/// User -> Fast author: hand my result out.
struct result_query {
  protocol::job_id job;
  std::uint8_t attempt = 0;
  protocol::box_public to;   ///< Of a key of the moment.
  protocol::signature user;  ///< By the session's key over `result_query_statement`.
};
DATAGEN_MESSAGE(result_query, x.job, x.attempt, x.to, x.user)

/// Fast author -> user: `stored_result`, sealed.
struct result_sealed {
  protocol::job_id job;
  std::uint8_t attempt = 0;
  protocol::box_public from;
  blob sealed;
};
DATAGEN_MESSAGE(result_sealed, x.job, x.attempt, x.from, x.sealed)

}  // namespace datagen::v1
