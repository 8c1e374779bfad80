#pragma once
// A validator and a user that offered it agree on a canary (protocol.md section 2, step 8): user ->
// router -> validator and back, beside the conversation about the job itself.

#include "messages/define.hpp"

#include "protocol/job/job.hpp"

namespace datagen::v1 {

/// User -> validator, before the request: its leaf may be made a canary. Nobody else sees the offer:
/// in the ticket it would tell lazy checkers which jobs to compute.
struct canary_offer {
  protocol::job_id job;
  std::uint8_t attempt = 0;
  protocol::validator_id validator;
};
DATAGEN_MESSAGE(canary_offer, x.job, x.attempt, x.validator)

/// Validator -> user: here is the right result; will you sign that the leaf is to hold another one?
struct canary_proposal {
  protocol::job_id job;
  std::uint8_t attempt = 0;
  protocol::result_header truth;
  blob output;
};
DATAGEN_MESSAGE(canary_proposal, x.job, x.attempt, x.truth, x.output)

/// User -> validator: yes.
struct canary_consent {
  protocol::job_id job;
  std::uint8_t attempt = 0;
  protocol::validator_id validator;
  protocol::signature by;  ///< Over `ledger::canary_statement`.
};
DATAGEN_MESSAGE(canary_consent, x.job, x.attempt, x.validator, x.by)

}  // namespace datagen::v1
