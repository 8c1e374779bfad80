#include "actors/node/lying_worker.hpp"

#include "protocol/job/echo.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

namespace datagen {

kernel_worker_actor::behavior_type lying_worker(kernel_worker_actor::pointer self,
                                                kernel_worker_actor honest) {
  return {[self, honest](const v1::kernel_run& job) {
            auto promise = self->make_response_promise<v1::kernel_done>();
            const bool echo =
              job.kernel.name == "merkle.root" && job.input.size() == protocol::echo_input_bytes;
            self->request(honest, caf::infinite, job)
              .then([promise, echo](v1::kernel_done done) mutable {
                if (!echo && done.code == ec::ok) {
                  const auto view = done.output.view();
                  protocol::bytes changed{view.begin(), view.end()};
                  if (!changed.empty())
                    changed.back() ^= 1;
                  done.output = blob{std::move(changed)};
                }
                promise.deliver(std::move(done));
              });
            return promise;
          },
          [self, honest](const v1::kernel_cancel& which) { self->send(honest, which); },
          [self, honest](const v1::kernel_status_query& x) { return self->delegate(honest, x); }};
}

}  // namespace datagen
