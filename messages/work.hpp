#pragma once
// The conversation about one job: user -> router -> validator -> kernel worker and back.

#include "messages/define.hpp"

#include "protocol/job/job.hpp"

namespace datagen::v1 {

/// A signed ticket with the bytes it names.
struct job_request {
  protocol::signed_ticket order;
  blob parameters;  ///< Canonical kernel parameters; digest in the ticket.
  blob input;
};
DATAGEN_MESSAGE(job_request, x.order, x.parameters, x.input)

/// The result at once, waiting for no chain, with everything the user needs to hold its validator
/// to it.
struct job_reply {
  protocol::receipt receipt;
  protocol::digest salt;
  protocol::result_header result;
  blob output;
};
DATAGEN_MESSAGE(job_reply, x.receipt, x.salt, x.result, x.output)

/// Nothing was promised and nothing is owed.
struct job_refused {
  protocol::job_id job;
  std::uint8_t attempt = 0;
  ec code = ec::ok;
  std::string reason;  ///< A sentence with the figures.
};
DATAGEN_MESSAGE(job_refused, x.job, x.attempt, x.code, x.reason)

/// The user has the result and its digest is this.
struct job_acknowledged {
  protocol::acknowledgement content;
};
DATAGEN_MESSAGE(job_acknowledged, x.content)

/// User -> router -> validator: is anybody working on this attempt?
struct job_probe {
  protocol::job_id job;
  std::uint8_t attempt = 0;
  protocol::validator_id validator;
};
DATAGEN_MESSAGE(job_probe, x.job, x.attempt, x.validator)

/// The same way back: yes, the answer will come. Where it is ready, it comes instead.
struct job_working {
  protocol::job_id job;
  std::uint8_t attempt = 0;
};
DATAGEN_MESSAGE(job_working, x.job, x.attempt)

/// Validator or checker -> kernel worker (request): run this.
struct kernel_run {
  protocol::kernel_ref kernel;
  blob parameters;
  blob input;
  std::uint64_t units_max = 0;
};
DATAGEN_MESSAGE(kernel_run, x.kernel, x.parameters, x.input, x.units_max)

/// What the kernel said. `code` is ok whenever the result is one that honest machines share.
struct kernel_done {
  ec code = ec::ok;
  std::string reason;
  protocol::exit_status exit = protocol::exit_status::ok;
  std::uint64_t units = 0;
  blob output;
};
DATAGEN_MESSAGE(kernel_done, x.code, x.reason, x.exit, x.units, x.output)

}  // namespace datagen::v1
