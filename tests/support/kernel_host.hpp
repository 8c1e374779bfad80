#pragma once
// A kernel worker on real threads with real kernels, or with a device that fails.

#include "tests/support/worker_jobs.hpp"

#include "actors/kernel_worker.hpp"

#include "messages/register.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstring>
#include <filesystem>

namespace datagen::tests {

struct kernel_host_config : caf::actor_system_config {
  kernel_host_config() { add_messages(*this); }
};

inline std::shared_ptr<const kernels::registry> kernels_in(
  const std::vector<std::filesystem::path>& where) {
  auto result = std::make_shared<const kernels::registry>(kernels::registry::load(where));
  REQUIRE_MESSAGE(result->ok(), result->error());
  return result;
}

struct kernel_host {
  kernel_host_config cfg;
  caf::actor_system system{cfg};
  std::shared_ptr<const kernels::registry> kernels;
  std::shared_ptr<kernel_counts> counts = std::make_shared<kernel_counts>();
  kernel_worker_actor worker;

  kernel_host(kernel_worker_config x, const std::vector<std::filesystem::path>& where)
      : kernels(kernels_in(where)) {
    x.kernels = kernels;
    x.threads = 1;
    x.counts = counts;
    worker = system.spawn<caf::detached>(kernel_worker, x);
  }
};

struct world : kernel_host, worker_client {
  explicit world(kernel_worker_config x = {},
                 const std::vector<std::filesystem::path>& where =
                   kernels::registry::module_directories())
      : kernel_host(std::move(x), where), worker_client(system, worker) {}
  ~world() {
    for (std::uint64_t i = 1; i <= 10; ++i)
      cancel(i);
    caf::anon_send_exit(worker, caf::exit_reason::user_shutdown);
    self->wait_for(worker);
  }
};

inline v1::kernel_run job_on(const char* kernel, const std::string& input, std::uint64_t number) {
  auto job = quick(number);
  job.kernel = {kernel, 0};
  job.parameters = blob{protocol::bytes{}};
  job.input = blob{protocol::bytes{input.begin(), input.end()}};
  return job;
}
inline v1::kernel_run root_job(const std::string& text, std::uint64_t number = 1) {
  return job_on("merkle.root", text, number);
}

/// The CPU's devices behind one that fails as the input's first byte says.
struct failing_world : world {
  explicit failing_world(kernel_worker_config x = {})
      : world(std::move(x), {std::filesystem::path{DATAGEN_FAILING_DEVICE}.parent_path(),
                             kernels::registry::module_directories().front()}) {
    wait_until([](const auto& s) { return s.devices.size() == 2; });
  }
  v1::kernel_done root_of(const char* text) { return run(root_job(text)); }
};

}  // namespace datagen::tests
