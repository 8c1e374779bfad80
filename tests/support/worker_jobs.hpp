#pragma once
// Jobs for a kernel worker, and one who asks it.

#include "messages/interfaces.hpp"

#include <doctest/doctest.h>

#include <caf/scoped_actor.hpp>

#include <thread>

namespace datagen::tests {

inline v1::kernel_run prices(const std::string& parameters, std::uint64_t number,
                             v1::kernel_urgency urgency = v1::kernel_urgency::job) {
  return {.kernel = {"mc.philox", 0},
          .parameters = blob{protocol::bytes{parameters.begin(), parameters.end()}},
          .input = blob{protocol::bytes{}},
          .units_max = ~0ULL,
          .urgency = urgency,
          .number = number};
}
/// About a millisecond.
inline v1::kernel_run quick(std::uint64_t number,
                            v1::kernel_urgency urgency = v1::kernel_urgency::job) {
  return prices("paths=20000\nseed=" + std::to_string(number), number, urgency);
}
/// Seconds: never ends while a test looks at it, unless cancelled.
inline v1::kernel_run slow(std::uint64_t number) {
  return prices("paths=1000000000\nseed=1\nsteps=4", number);
}

class worker_client {
public:
  static constexpr std::chrono::seconds patience{60};

  worker_client(caf::actor_system& system, kernel_worker_actor worker)
      : self(system), worker_(std::move(worker)) {}

  auto order(const v1::kernel_run& job) { return self->request(worker_, patience, job); }
  v1::kernel_done run(const v1::kernel_run& job) {
    v1::kernel_done result;
    order(job).receive([&](v1::kernel_done& x) { result = std::move(x); },
                       [&](const caf::error& e) { FAIL(self->system().render(e)); });
    return result;
  }
  void cancel(std::uint64_t number) { self->send(worker_, v1::kernel_cancel{number}); }
  v1::kernel_status status() {
    v1::kernel_status result;
    self->request(worker_, patience, v1::kernel_status_query{})
      .receive([&](v1::kernel_status& x) { result = std::move(x); },
               [&](const caf::error& e) { FAIL(self->system().render(e)); });
    return result;
  }
  void wait_until(const std::function<bool(const v1::kernel_status&)>& holds) {
    const auto limit = std::chrono::steady_clock::now() + patience;
    while (!holds(status())) {
      REQUIRE(std::chrono::steady_clock::now() < limit);
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
  }

  caf::scoped_actor self;

private:
  kernel_worker_actor worker_;
};

}  // namespace datagen::tests
