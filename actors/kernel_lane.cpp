#include "actors/kernel_lane.hpp"

#include "kernels/self_test.hpp"

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
    case DATAGEN_OK: return ec::ok;
    case DATAGEN_UNKNOWN_KERNEL: return ec::unknown_kernel;
    case DATAGEN_BAD_PARAMS: return ec::bad_parameters;
    case DATAGEN_LIMIT_EXCEEDED: return ec::too_large;
    case DATAGEN_UNITS_EXCEEDED: return ec::units_exceeded;
    case DATAGEN_BAD_INPUT: return ec::bad_input;
    case DATAGEN_CANCELLED: return ec::cancelled;
    default: return ec::busy;  // this machine could not; another one may
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

v1::kernel_done run(const kernel_lane_config& config, const v1::kernel_run& job) {
  auto request = request_of(job);
  request.backend = config.device.backend;
  request.device = config.device.index;
  request.threads = config.threads;
  request.units_max = job.units_max;
  request.cancel = config.cancel.get();
  auto done = config.kernels->run(request);
  if (!done.ok() && done.comparable() && done.units > 0)
    return ended_early(std::move(done));
  if (!done.ok())
    return refused(code_of(done.exit_status), std::move(done.message));
  return {.units = done.units, .output = blob{done.output, done.output.owner()}};
}

}  // namespace

v1::kernel_done declared_units(const kernels::registry& kernels, const v1::kernel_run& job) {
  const auto done = kernels.units(request_of(job));
  if (!done.ok())
    return refused(code_of(done.exit_status), done.message);
  return {.units = done.units};
}

kernel_lane_actor::behavior_type kernel_lane(
  kernel_lane_actor::stateful_pointer<kernel_lane_state> self, kernel_lane_config config) {
  self->state.config = std::move(config);
  return {[self](const v1::kernel_run& job) { return run(self->state.config, job); },
          [self](const v1::kernel_test&) {
            const auto& x = self->state.config;
            return v1::kernel_tested{kernels::self_test(*x.kernels, x.device, x.threads)};
          }};
}

}  // namespace datagen
