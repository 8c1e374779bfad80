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

/// What waits for a device, most urgent first: a timed Echo answer, a user's job, an audit's check,
/// whose window is wide.
enum class kernel_urgency : std::uint8_t { echo = 0, job = 1, check = 2 };
constexpr kernel_urgency max_value(kernel_urgency) { return kernel_urgency::check; }

/// Validator or checker -> kernel worker (request): run this.
struct kernel_run {
  protocol::kernel_ref kernel;
  blob parameters;
  blob input;
  std::uint64_t units_max = 0;
  kernel_urgency urgency = kernel_urgency::job;
  std::uint64_t number = 0;  ///< The sender's name for it, by which it may be cancelled.
};
DATAGEN_MESSAGE(kernel_run, x.kernel, x.parameters, x.input, x.units_max, x.urgency, x.number)

/// The same way: nobody needs this any more. A waiting job is answered with `cancelled` at once, a
/// running one soon.
struct kernel_cancel {
  std::uint64_t number = 0;
};
DATAGEN_MESSAGE(kernel_cancel, x.number)

/// Asks a kernel worker how it is (request).
struct kernel_status_query {};
DATAGEN_EMPTY_MESSAGE(kernel_status_query)

struct kernel_device_status {
  std::string backend;  ///< "cpu" or "cuda"
  std::uint32_t index = 0;
  std::string name;
  std::uint32_t lanes = 0;  ///< Jobs it runs at a time.
  std::uint32_t running = 0;
  std::string failure;      ///< Why it takes no jobs: which known answer it missed; empty when it does.
};
DATAGEN_MESSAGE(kernel_device_status, x.backend, x.index, x.name, x.lanes, x.running, x.failure)

struct kernel_status {
  std::uint64_t waiting = 0;
  std::uint64_t bytes = 0;  ///< Of inputs and parameters, waiting and running.
  std::uint64_t done = 0;
  std::uint64_t refused = 0;
  std::uint64_t cancelled = 0;
  std::vector<kernel_device_status> devices;
};
DATAGEN_MESSAGE(kernel_status, x.waiting, x.bytes, x.done, x.refused, x.cancelled, x.devices)

/// Kernel worker -> one lane of a device (request): does it compute what it should?
struct kernel_test {};
DATAGEN_EMPTY_MESSAGE(kernel_test)
struct kernel_tested {
  std::string failure;  ///< Empty when every known answer holds.
};
DATAGEN_MESSAGE(kernel_tested, x.failure)

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
