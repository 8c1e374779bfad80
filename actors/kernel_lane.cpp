#include "actors/kernel_lane.hpp"

#include "kernels/self_test.hpp"

#include <caf/send.hpp>

#include <mutex>

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

kernels::job_request request_of(const kernel_lane_config& config, const v1::kernel_run& job,
                                std::size_t place) {
  auto result = request_of(job);
  result.backend = config.device.backend;
  result.device = config.device.index;
  result.threads = config.threads;
  result.units_max = job.units_max;
  result.cancel = &(*config.cancels)[place];
  return result;
}

v1::kernel_done answer_of(kernels::job_result&& done) {
  if (!done.ok() && done.comparable() && done.units > 0)
    return ended_early(std::move(done));
  if (!done.ok())
    return refused(code_of(done.exit_status), std::move(done.message));
  return {.units = done.units, .output = blob{done.output, done.output.owner()}};
}

/// What the device could not do is kept back: the worker has it done elsewhere.
v1::kernel_batch_end run(kernel_lane_state& state, const v1::kernel_batch& batch,
                         const batch_owner_actor& owner) {
  std::vector<kernels::job_request> requests;
  for (const auto& job : batch.jobs)
    requests.push_back(request_of(state.config, job, requests.size()));
  v1::kernel_batch_end result;
  std::mutex failing;
  state.crew->run(*state.config.kernels, requests, [&](std::size_t i, kernels::job_result&& x) {
    auto done = answer_of(std::move(x));
    if (done.code != ec::busy)
      return caf::anon_send(
        owner, v1::kernel_batch_part{batch.number, static_cast<std::uint32_t>(i), std::move(done)});
    const std::lock_guard lock(failing);
    if (result.failure.empty())
      result.failure = std::move(done.reason);
  });
  return result;
}

}  // namespace

v1::kernel_done declared_units(const kernels::registry& kernels, const v1::kernel_run& job) {
  const auto done = kernels.units(request_of(job));
  if (!done.ok())
    return refused(code_of(done.exit_status), done.message);
  return {.units = done.units};
}

batch_lane_actor::behavior_type kernel_lane(
  batch_lane_actor::stateful_pointer<kernel_lane_state> self, kernel_lane_config config) {
  auto& state = self->state;
  state.config = std::move(config);
  state.crew.emplace(state.config.helpers);
  return {[&state](const v1::kernel_run& job) {
            const auto& x = state.config;
            return answer_of(x.kernels->run(request_of(x, job, 0)));
          },
          [&state](const v1::kernel_test&) {
            const auto& x = state.config;
            return v1::kernel_tested{kernels::self_test(*x.kernels, x.device, x.threads)};
          },
          [self](const v1::kernel_batch& batch) {
            return run(self->state, batch,
                       caf::actor_cast<batch_owner_actor>(self->current_sender()));
          }};
}

}  // namespace datagen
