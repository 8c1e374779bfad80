#include "actors/kernel_worker.hpp"

namespace datagen {

namespace {

kernels::job_request request_of(const v1::kernel_run& job) {
  const auto params = job.parameters.view();
  return {.kernel = job.kernel.name,
          .params = {reinterpret_cast<const char*>(params.data()), params.size()},
          .input = job.input.view()};
}

ec code_of(std::int32_t status) {
  switch (status) {
    case DATAGEN_OK:
      return ec::ok;
    case DATAGEN_UNKNOWN_KERNEL:
      return ec::unknown_kernel;
    case DATAGEN_BAD_PARAMS:
      return ec::bad_parameters;
    case DATAGEN_LIMIT_EXCEEDED:
      return ec::too_large;
    case DATAGEN_UNITS_EXCEEDED:
      return ec::units_exceeded;
    case DATAGEN_BAD_INPUT:
      return ec::bad_input;
    default:
      return ec::busy;  // this machine could not; another one may
  }
}

v1::kernel_done refused(ec code, std::string reason) {
  return {.code = code, .reason = std::move(reason)};
}

/// A pipeline that ended after some of its stages: work that was done, and a result to be paid and
/// audited like any other.
v1::kernel_done ended_early(kernels::job_result&& done) {
  return {.reason = std::move(done.message),
          .exit = done.exit_status == DATAGEN_UNITS_EXCEEDED ? protocol::exit_status::limit
                                                             : protocol::exit_status::refused,
          .units = done.units};
}

v1::kernel_done run(const kernel_worker_state& state, const v1::kernel_run& job) {
  auto declared = declared_units(*state.kernels, job);
  if (declared.code != ec::ok)
    return declared;
  if (declared.units > job.units_max)
    return refused(ec::units_exceeded,
                   job.kernel.name + " needs " + std::to_string(declared.units) +
                     " units for this job; the ticket buys " + std::to_string(job.units_max));
  auto request = request_of(job);
  request.threads = state.threads;
  request.units_max = job.units_max;
  auto done = state.kernels->run(request);
  if (!done.ok() && done.comparable() && done.units > 0)
    return ended_early(std::move(done));
  if (!done.ok())
    return refused(code_of(done.exit_status), std::move(done.message));
  return {.units = done.units, .output = blob{std::move(done.output)}};
}

}  // namespace

v1::kernel_done declared_units(const kernels::registry& kernels, const v1::kernel_run& job) {
  const auto done = kernels.units(request_of(job));
  if (!done.ok())
    return refused(code_of(done.exit_status), done.message);
  return {.units = done.units};
}

kernel_worker_actor::behavior_type kernel_worker(
  kernel_worker_actor::stateful_pointer<kernel_worker_state> self,
  std::shared_ptr<const kernels::registry> kernels, std::uint32_t threads) {
  self->state.kernels = std::move(kernels);
  self->state.threads = threads;
  return {[self](const v1::kernel_run& job) { return run(self->state, job); }};
}

}  // namespace datagen
