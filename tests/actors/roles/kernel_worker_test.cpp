// The owner of a host's devices, on real threads and real kernels.
#include "tests/support/kernel_host.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace datagen;
using namespace datagen::protocol;
using namespace datagen::tests;

TEST_CASE("kernel worker: an answer of a moment does not wait behind a job of seconds") {
  world w;
  [[maybe_unused]] const auto long_one = w.order(slow(1));
  w.wait_until([](const auto& x) { return x.devices.back().running == 1; });
  for (std::uint64_t i = 2; i < 6; ++i)
    CHECK(w.run(quick(i)).code == ec::ok);
  const auto status = w.status();
  CHECK(status.devices.back().running == 1);
  CHECK(status.done == 4);
}

TEST_CASE("kernel worker: a running job ends soon after it is cancelled, a waiting one at once") {
  world w;
  auto running = w.order(slow(1));
  w.wait_until([](const auto& x) { return x.devices.back().running == 1; });
  auto waiting = w.order(slow(2));
  w.wait_until([](const auto& x) { return x.waiting == 1; });
  w.self->send(w.worker, v1::kernel_cancel{2});
  const auto expect_cancelled = [](v1::kernel_done& x) { CHECK(x.code == ec::cancelled); };
  const auto fail = [&](const caf::error& e) { FAIL(w.system.render(e)); };
  waiting.receive(expect_cancelled, fail);
  CHECK(w.status().devices.back().running == 1);
  w.self->send(w.worker, v1::kernel_cancel{1});
  running.receive(expect_cancelled, fail);
  CHECK(w.status().cancelled == 2);
  CHECK(w.run(quick(3)).code == ec::ok);  // and the lane is clean again
}

TEST_CASE("kernel worker: only who ordered a job can cancel it") {
  world w;
  [[maybe_unused]] const auto running = w.order(slow(1));
  w.wait_until([](const auto& x) { return x.devices.back().running == 1; });
  {
    caf::scoped_actor stranger{w.system};
    stranger->send(w.worker, v1::kernel_cancel{1});
    stranger->request(w.worker, w.patience, v1::kernel_status_query{})
      .receive([](v1::kernel_status&) {}, [](const caf::error&) {});
  }
  CHECK(w.run(quick(2)).code == ec::ok);
  CHECK(w.status().devices.back().running == 1);
  CHECK(w.status().cancelled == 0);
}

TEST_CASE("kernel worker: what never fits the budget is too large, what does not fit it now is refused as busy") {
  world w{{.jobs_max = 1, .bytes_max = 100'000}};
  auto big = quick(1);
  big.kernel = {"merkle.root", 0};
  big.parameters = blob{bytes{}};
  big.input = blob{bytes(100'001, 1)};
  const auto refused = w.run(big);
  CHECK(refused.code == ec::too_large);
  CHECK(refused.reason.find("100001 bytes; this host spares 100000") != std::string::npos);
  big.input = blob{bytes(99'000, 1)};
  CHECK(w.run(big).code == ec::ok);
  [[maybe_unused]] const auto running = w.order(slow(2));
  w.wait_until([](const auto& x) { return x.devices.back().running == 1; });
  [[maybe_unused]] const auto waiting = w.order(slow(3));
  w.wait_until([](const auto& x) { return x.waiting == 1; });
  CHECK(w.run(slow(4)).code == ec::busy);
  CHECK(w.status().refused == 2);
}

TEST_CASE("kernel worker: a device that computes wrong takes no jobs, and says what it gave") {
  world w{{},
          {std::filesystem::path{DATAGEN_BROKEN_DEVICE}.parent_path(),
           kernels::registry::module_directories().front()}};
  w.wait_until([](const auto& x) { return !x.devices.front().failure.empty(); });
  const auto status = w.status();
  REQUIRE(status.devices.size() == 2);
  CHECK(status.devices[0].backend == "cuda");
  CHECK(status.devices[0].failure.find("merkle.root: byte 0 on is ead699e5") == 0);
  CHECK(status.devices[1].failure == "");
  auto job = quick(1);
  job.kernel = {"merkle.root", 0};
  job.parameters = blob{bytes{}};
  const auto done = w.run(job);
  CHECK(done.code == ec::ok);
  CHECK(done.output.view()[0] == 0xe3);  // SHA-256 of nothing, not the broken device's
}

TEST_CASE(
  "kernel worker: a job that its device failed runs again on another one, and the device serves once it "
  "has passed its test again") {
  failing_world w;
  REQUIRE(w.status().devices[0].backend == "cuda");
  const auto flaky = w.root_of("Flaky");
  CHECK(flaky.code == ec::ok);
  const auto sound = world{}.run(root_job("Flaky"));
  REQUIRE(flaky.output.size() == 32);
  CHECK(std::ranges::equal(flaky.output.view(), sound.output.view()));
  CHECK(w.status().devices[0].failure.empty());
  // Gone for good, once it gets such a job: out of service, and nothing is lost.
  std::uint64_t jobs = 1;
  while (w.status().devices[0].failure.empty()) {
    REQUIRE(++jobs < 100'000);
    REQUIRE(w.root_of("Gone").code == ec::ok);
  }
  CHECK(w.status().devices[0].failure.find("the device is gone") != std::string::npos);
  CHECK(w.root_of("Flaky").code == ec::ok);
  CHECK(w.status().done == jobs + 1);
  CHECK(w.status().refused == 0);
}

TEST_CASE("kernel worker: a lane that ends with its job is replaced, and the job runs again") {
  failing_world w;
  const auto lanes = w.status().devices[0].lanes;
  for (int i = 0; i < 5; ++i)
    CHECK(w.root_of("Throws").code == ec::ok);
  CHECK(w.status().devices[0].lanes == lanes);
  CHECK(w.status().done == 5);
}

TEST_CASE("kernel queue: the most urgent go first, in order, and every fourth pick is the oldest") {
  kernel_queue<int> queue;
  using urgency = v1::kernel_urgency;
  const auto push = [&](urgency u, std::uint64_t number) {
    queue.push({.job = quick(number, u), .units = 1, .caller = 0});
  };
  push(urgency::check, 1);
  push(urgency::check, 2);
  for (std::uint64_t i = 10; i < 16; ++i)
    push(urgency::job, i);
  push(urgency::echo, 20);
  std::vector<std::uint64_t> order;
  while (auto x = queue.take([](const auto&) { return true; }))
    order.push_back(x->job.number);
  CHECK(order == std::vector<std::uint64_t>{20, 10, 11, 1, 12, 13, 14, 2, 15});
}

TEST_CASE("kernel queue: what a lane cannot take is left for another one") {
  kernel_queue<int> queue;
  queue.push({.job = quick(1), .units = 1'000'000, .caller = 0});
  queue.push({.job = quick(2), .units = 10, .caller = 0});
  const auto small = queue.take([](const auto& x) { return x.units < 100; });
  REQUIRE(small);
  CHECK(small->job.number == 2);
  CHECK_FALSE(queue.take([](const auto& x) { return x.units < 100; }));
  CHECK(queue.size() == 1);
}

TEST_CASE("kernel queue: a job that may not join a batch is not passed over, and keeps its turn") {
  kernel_queue<int> queue;
  using urgency = v1::kernel_urgency;
  const auto any = [](const auto&) { return true; };
  const auto small = [](const auto& x) { return x.units < 100; };
  const auto push = [&](urgency u, std::uint64_t number, std::uint64_t units) {
    queue.push({.job = quick(number, u), .units = units, .caller = 0});
  };
  push(urgency::check, 1, 1'000);
  for (std::uint64_t i = 10; i < 15; ++i)
    push(urgency::job, i, 1);
  std::vector<std::uint64_t> order;
  while (auto x = queue.take(any, small))
    order.push_back(x->job.number);
  CHECK(order == std::vector<std::uint64_t>{10, 11, 12});  // the fourth is the check's turn
  CHECK_FALSE(queue.take(any, small));
  CHECK(queue.take(any)->job.number == 1);
  CHECK(queue.take(any, small)->job.number == 13);
}

TEST_CASE("kernel queue: what comes back is the oldest, in whichever order it came") {
  kernel_queue<int> queue;
  const auto any = [](const auto&) { return true; };
  for (std::uint64_t i = 1; i < 4; ++i)
    queue.push({.job = quick(i), .units = 1, .caller = 0});
  queue.push_back_in({.job = quick(8, v1::kernel_urgency::check), .units = 1, .caller = 0});
  queue.push_back_in({.job = quick(9), .units = 1, .caller = 0});
  CHECK(queue.remove(any)->job.number == 9);
  CHECK(queue.remove(any)->job.number == 8);
  CHECK(queue.remove(any)->job.number == 1);
}
