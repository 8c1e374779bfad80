// Small jobs of any callers that a lane takes together, on real threads and real kernels.
#include "tests/support/kernel_host.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::tests;

namespace {

using response = decltype(std::declval<worker_client&>().order(v1::kernel_run{}));

/// One lane, at work on a job that never ends: whatever is ordered waits until `let_go`.
template <class World>
struct held : World {
  static constexpr std::uint64_t holder = 10;

  explicit held(kernel_worker_config x = {}, v1::kernel_run first = slow(holder))
      : World([&] {
          x.lanes = 1;
          return x;
        }()) {
    kept_.push_back(this->order(first));
    this->wait_until([](const auto& s) { return s.devices.front().running == 1; });
  }
  /// Orders all, and has them begin when all of them wait.
  std::vector<response> together(const std::vector<v1::kernel_run>& jobs) {
    std::vector<response> result;
    for (const auto& job : jobs)
      result.push_back(this->order(job));
    this->wait_until([&](const auto& s) { return s.waiting == jobs.size(); });
    this->cancel(holder);
    return result;
  }
  v1::kernel_done answer(response& x) {
    v1::kernel_done result;
    x.receive([&](v1::kernel_done& done) { result = std::move(done); },
              [&](const caf::error& e) { FAIL(this->system.render(e)); });
    return result;
  }
  kernel_totals totals() const { return this->counts->read(); }

private:
  std::vector<response> kept_;
};

/// On the device that fails, which alone has the kernel.
struct odd_world : held<failing_world> {
  odd_world() : held({}, odd("Wait", holder)) {}
  static v1::kernel_run odd(const std::string& input, std::uint64_t number) {
    return job_on("odd.job", input, number);
  }
};

/// @pre 1 to 9 jobs
std::vector<v1::kernel_run> odd_jobs(const std::vector<std::string>& inputs) {
  std::vector<v1::kernel_run> result;
  for (const auto& x : inputs)
    result.push_back(odd_world::odd(x, result.size() + 1));
  return result;
}

std::vector<v1::kernel_run> roots(std::size_t count) {
  std::vector<v1::kernel_run> result;
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(root_job("number " + std::to_string(i), 100 + i));
  return result;
}

void check_roots(held<world>& w, std::size_t count) {
  const auto jobs = roots(count);
  auto answers = w.together(jobs);
  world alone{{.batch = {.jobs_max = 1}}};
  for (std::size_t i = 0; i < count; ++i) {
    const auto done = w.answer(answers[i]);
    const auto same = alone.run(jobs[i]);
    REQUIRE_MESSAGE(done.code == ec::ok, done.reason);
    CHECK(done.units == same.units);
    CHECK(std::ranges::equal(done.output.view(), same.output.view()));
  }
  CHECK(alone.counts->read().batches == 0);
  CHECK(w.status().bytes == 0);
  CHECK(w.totals().done == count);
}

}  // namespace

TEST_CASE("batch: small jobs that wait go to a lane together, and each has its own answer") {
  held<world> w;
  check_roots(w, 20);
  CHECK(w.totals().batches == 1);
  CHECK(w.totals().batched == 20);
  CHECK(w.totals().cancelled == 1);
  REQUIRE(w.totals().devices.size() == 1);
  CHECK(w.totals().devices[0].jobs == 21);
  CHECK(w.totals().devices[0].busy_us > 0);
  CHECK(w.totals().running == 0);
  CHECK(w.totals().waiting == 0);
}

TEST_CASE("batch: of one job at most, lanes take them one by one") {
  held<world> w{{.batch = {.jobs_max = 1}}};
  check_roots(w, 5);
  CHECK(w.totals().batches == 0);
}

TEST_CASE("batch: no longer, no larger and of no more jobs than its limits") {
  const auto batches = [](const kernel_batch_limits& limits) {
    held<world> w{{.batch = limits}};
    check_roots(w, 12);
    return std::pair{w.totals().batches, w.totals().batched};
  };
  using pair = std::pair<std::uint64_t, std::uint64_t>;
  CHECK(batches({.jobs_max = 5}) == pair{3, 12});
  CHECK(batches({.thread_units_max = 4}) == pair{3, 12});  // a unit each, one thread
  CHECK(batches({.bytes_max = 20}) == pair{6, 12});
  CHECK(batches({.job_units_max = 0}) == pair{0, 0});
}

TEST_CASE("batch: a job that is not small runs alone, in its turn") {
  held<world> w;
  auto jobs = roots(6);
  jobs[2] = prices("paths=200000\nseed=1", 102);
  auto pipeline = job_on("pipeline", "", 104);
  const std::string stages = "1=merkle.root", header("DPL1\1\0\0\0", 8);
  pipeline.parameters = blob{protocol::bytes{stages.begin(), stages.end()}};
  auto input = protocol::bytes{header.begin(), header.end()};
  input.resize(input.size() + 16);
  pipeline.input = blob{input};
  jobs[4] = pipeline;  // its later stages are not declared
  auto answers = w.together(jobs);
  for (auto& x : answers)
    CHECK(w.answer(x).code == ec::ok);
  CHECK(w.totals().batches == 1);
  CHECK(w.totals().batched == 2);
}

TEST_CASE("batch: its jobs may come from different callers, each of whom cancels its own only") {
  odd_world w;
  caf::scoped_actor other{w.system};
  auto theirs = other->request(w.worker, w.patience, odd_world::odd("Wait for them", 1));
  w.wait_until([](const auto& x) { return x.waiting == 1; });
  auto ours = w.order(odd_world::odd("Wait for us", 1));
  w.wait_until([](const auto& x) { return x.waiting == 2; });
  w.cancel(odd_world::holder);
  w.wait_until([&](const auto&) { return w.totals().batches == 1; });
  w.cancel(1);
  CHECK(w.answer(ours).code == ec::cancelled);
  CHECK(w.status().devices.front().running == 1);
  other->send(w.worker, v1::kernel_cancel{1});
  theirs.receive([](v1::kernel_done& x) { CHECK(x.code == ec::cancelled); },
                 [&](const caf::error& e) { FAIL(w.system.render(e)); });
}

TEST_CASE("batch: a job is answered while another one of its batch runs, and can be cancelled") {
  odd_world w;
  auto answers = w.together(odd_jobs({"a", "Wait", "b", "c"}));
  for (const std::size_t i : {0u, 2u, 3u})
    CHECK(w.answer(answers[i]).code == ec::ok);
  CHECK(w.status().devices.front().running == 1);
  CHECK(w.totals().batches == 1);
  w.cancel(2);
  CHECK(w.answer(answers[1]).code == ec::cancelled);
  CHECK(w.run(odd_world::odd("d", 5)).code == ec::ok);  // the lane is free and its flags are clean
}

TEST_CASE("batch: what a device fails runs again alone, its neighbours have their answers already") {
  odd_world w;
  auto answers = w.together(odd_jobs({"fine 1", "1 failure", "fine 2", "Throws once", "fine 3"}));
  for (auto& x : answers) {
    const auto done = w.answer(x);
    CHECK(done.code == ec::ok);
    CHECK(done.output.size() == 4);
  }
  CHECK(w.totals().done == 5);
  CHECK(w.totals().refused == 0);
  CHECK(w.totals().batches == 1);
  CHECK(w.totals().batched == 5);
  CHECK(w.status().bytes == 0);
}

TEST_CASE("batch: a job is not blamed for what a device failed at while others were with it") {
  odd_world w;
  auto answers = w.together(odd_jobs({"2 failures", "3 failures", "fine"}));
  CHECK(w.answer(answers[0]).code == ec::ok);
  const auto refused = w.answer(answers[1]);
  CHECK(refused.code == ec::busy);
  CHECK(refused.reason == "the device reported an error");
  CHECK(w.answer(answers[2]).code == ec::ok);
  CHECK(w.run(odd_world::odd("2 failures, from the start alone", 4)).code == ec::busy);
  CHECK(w.totals().batches == 1);
}

TEST_CASE("batch: a job that was cancelled when its device failed does not run again") {
  odd_world w;
  auto answers = w.together(odd_jobs({"Wait", "1 more failure"}));
  w.wait_until([&](const auto&) { return w.totals().batches == 1; });
  w.cancel(2);  // may come before it fails or after, when it waits for its second run
  w.cancel(1);
  CHECK(w.answer(answers[0]).code == ec::cancelled);
  CHECK(w.answer(answers[1]).code == ec::cancelled);
  CHECK(w.totals().done == 0);
}
