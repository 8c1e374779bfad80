#include "tests/support/lending_hosts.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::tests;

TEST_CASE("lending: a host ends though its middleman hears too late that its roles have ended") {
  auto far = std::make_unique<host>();
  far->run_worker({});
  borrower near{far->publish(), 0};
  near.wait_for_devices();
  // Called before the middleman is told: what was attached last comes first.
  for (const auto& x : far->roles())
    caf::actor_cast<caf::abstract_actor*>(x)->attach_functor(
      [] { std::this_thread::sleep_for(std::chrono::milliseconds{500}); });
  far.reset();
  near.wait_until(
    [](const auto& x) { return borrower::lent(x)->failure == "its host is out of reach"; });
}

namespace {

/// Which numbers a worker was to run and to stop. Read after a client's question is answered.
struct kept_jobs {
  std::vector<std::uint64_t> ran, cancelled;
  std::vector<caf::typed_response_promise<v1::kernel_done>> answers;
};
kernel_lender_actor::behavior_type keeps(kernel_lender_actor::pointer self, kept_jobs* jobs) {
  return {[=](const v1::kernel_run& x) -> caf::result<v1::kernel_done> {
            jobs->ran.push_back(x.number);
            return jobs->answers.emplace_back(self->make_response_promise<v1::kernel_done>());
          },
          [=](const v1::kernel_cancel& x) { jobs->cancelled.push_back(x.number); },
          [](const v1::kernel_status_query&) { return v1::kernel_status{.waiting = 7}; },
          [](const v1::kernel_offer_query&) { return v1::kernel_offer{{{.backend = "odd"}}}; }};
}

struct door_bench {
  kept_jobs jobs;
  host here;
  kernel_lender_actor worker = here.system.spawn(keeps, &jobs);
  kernel_lender_actor door = here.keep(here.system.spawn(lending_door, worker));
};

}  // namespace

TEST_CASE("lending_door: hosts may use the same number, and each stops and gets its own job") {
  door_bench b;
  worker_client one{b.here.system, b.door}, two{b.here.system, b.door};
  worker_client other{b.here.system, b.door};
  auto first = one.order(quick(1));
  CHECK(one.status().waiting == 7);
  auto second = two.order(quick(1));
  two.cancel(1);
  two.cancel(2);
  CHECK(two.status().waiting == 7);
  other.cancel(1);
  CHECK(other.status().waiting == 7);
  REQUIRE(b.jobs.ran.size() == 2);
  CHECK(b.jobs.ran[0] != b.jobs.ran[1]);
  CHECK(b.jobs.cancelled == std::vector{b.jobs.ran[1]});
  for (std::uint64_t i = 0; i < 2; ++i)
    b.jobs.answers[i].deliver(v1::kernel_done{.code = ec::ok, .units = 10 + i});
  const auto fail = [&](const caf::error& e) { FAIL(b.here.system.render(e)); };
  first.receive([](v1::kernel_done& x) { CHECK(x.units == 10); }, fail);
  second.receive([](v1::kernel_done& x) { CHECK(x.units == 11); }, fail);
}

TEST_CASE("lending_door: ends with its worker, and the worker with it") {
  for (const bool worker_first : {true, false}) {
    door_bench b;
    caf::scoped_actor self{b.here.system};
    self->monitor(b.door);
    self->monitor(b.worker);
    self->send_exit(worker_first ? caf::actor_cast<caf::actor>(b.worker)
                                 : caf::actor_cast<caf::actor>(b.door),
                    caf::exit_reason::user_shutdown);
    for (int ended = 0; ended < 2; ++ended)
      self->receive([](const caf::down_msg&) {});
  }
}
