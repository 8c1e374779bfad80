// Many small jobs at once: each must come out as it does alone.
#include "kernels/job_crew.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>
#include <optional>

#include "equality/random_jobs.hpp"
#include "support.hpp"

using namespace datagen;
using namespace datagen::kernels;
using namespace datagen::kernels::testing;

namespace {

constexpr std::uint64_t jobs_per_kernel = equality::broken_every + 2;

/// Random jobs of every kernel, some of which must be refused, with what each gives alone.
struct job_set {
  std::vector<equality::random_job> content;
  std::vector<job_request> requests;
  std::vector<job_result> alone;

  job_set() {
    for (const auto& family : equality::families)
      for (std::uint64_t i = 0; i < jobs_per_kernel; ++i)
        content.push_back(family.draw(test_seed(), i));
    auto job = content.begin();
    for (const auto& family : equality::families)
      for (std::uint64_t i = 0; i < jobs_per_kernel; ++i, ++job) {
        requests.push_back({.kernel = family.kernel,
                            .params = job->params,
                            .input = job->input,
                            .backend = "cpu"});
        alone.push_back(loaded().run(requests.back()));
      }
  }
};

const job_set& all_jobs() {
  static const job_set result;
  return result;
}

/// Runs the jobs `which` as one batch; how often each was told must be once.
std::vector<job_result> batch_of(job_crew& crew, const std::vector<std::size_t>& which) {
  std::vector<job_request> requests;
  for (const auto i : which) requests.push_back(all_jobs().requests[i]);
  std::vector<job_result> out(which.size());
  std::vector<int> told(which.size());  // no two threads tell of one job
  crew.run(loaded(), requests, [&](std::size_t i, job_result&& x) {
    ++told[i];
    out[i] = std::move(x);
  });
  CHECK(told == std::vector<int>(which.size(), 1));
  return out;
}

std::size_t differing(const std::vector<std::size_t>& which, const std::vector<job_result>& found) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < which.size(); ++i) {
    const auto& expected = all_jobs().alone[which[i]];
    const auto& x = found[i];
    out += x.exit_status != expected.exit_status || x.message != expected.message ||
           x.units != expected.units || !(x.output == expected.output.copy());
  }
  return out;
}

/// One message of this many bytes, as a job.
bytes one_message(std::uint32_t size) {
  bytes out = from_text("DHS1");
  for (const std::uint32_t x : {std::uint32_t{1}, size, std::uint32_t{0}})
    for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(x >> (8 * i)));
  out.resize(out.size() + size, 7);
  return out;
}

}  // namespace

TEST_CASE("job crew: random jobs of all kernels give the same in any order and any split") {
  CAPTURE(test_seed());
  random_source random(test_seed());
  std::vector<std::size_t> order(all_jobs().requests.size());
  std::iota(order.begin(), order.end(), 0);
  CHECK(std::any_of(all_jobs().alone.begin(), all_jobs().alone.end(),
                    [](const auto& x) { return !x.ok(); }));
  for (const std::uint32_t helpers : {0u, 1u, 3u}) {
    CAPTURE(helpers);
    job_crew crew(helpers);
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
    for (std::size_t at = 0; at < order.size();) {
      const auto size = std::min<std::size_t>(1 + random.below(40), order.size() - at);
      const std::vector<std::size_t> part(order.begin() + static_cast<std::ptrdiff_t>(at),
                                          order.begin() + static_cast<std::ptrdiff_t>(at + size));
      CHECK(differing(part, batch_of(crew, part)) == 0);
      at += size;
    }
  }
}

TEST_CASE("job crew: a batch of one and an empty one need no helpers") {
  job_crew crew(2);
  CHECK(batch_of(crew, {}).empty());
  CHECK(differing({0}, batch_of(crew, {0})) == 0);
}

TEST_CASE("job crew: a cancelled, a refused and an unknown job leave their neighbours alone") {
  const std::atomic<std::uint32_t> cancel{1};
  const auto input = one_message(64);
  const job_request good{.kernel = "sha256.batch", .params = {}, .input = input, .backend = "cpu"};
  std::vector<job_request> jobs(5, good);
  jobs[1].cancel = &cancel;
  jobs[2].params = "no=such";
  jobs[3].kernel = "md5";
  std::vector<job_result> out(jobs.size());
  job_crew crew(1);
  crew.run(loaded(), jobs, [&](std::size_t i, job_result&& x) { out[i] = std::move(x); });
  CHECK(out[1].exit_status == DATAGEN_CANCELLED);
  CHECK(out[2].exit_status == DATAGEN_BAD_PARAMS);
  CHECK(out[2].message == loaded().run(jobs[2]).message);
  CHECK(out[3].exit_status == DATAGEN_UNKNOWN_KERNEL);
  const auto expected = loaded().run(good);
  for (const std::size_t i : {0u, 4u}) {
    CHECK(out[i].ok());
    CHECK(out[i].units == expected.units);
    CHECK(out[i].output == expected.output);
  }
}

TEST_CASE("job crew: a job is told of while another one of its batch still runs") {
  std::atomic<std::uint32_t> cancel{0};
  const std::string_view seconds = "paths=1000000000\nseed=1\nsteps=4";
  const auto input = one_message(64);
  const std::vector<job_request> jobs{
      {.kernel = "mc.philox", .params = seconds, .input = {}, .backend = "cpu", .cancel = &cancel},
      {.kernel = "sha256.batch", .params = {}, .input = input, .backend = "cpu"}};
  std::vector<std::size_t> order;
  job_crew crew(1);
  std::mutex mutex;
  crew.run(loaded(), jobs, [&](std::size_t i, job_result&& x) {
    const std::lock_guard lock(mutex);
    CHECK(x.exit_status == (i == 0 ? DATAGEN_CANCELLED : DATAGEN_OK));
    order.push_back(i);
    cancel = 1;  // the long one ends only after the short one was told
  });
  CHECK(order == std::vector<std::size_t>{1, 0});
}

TEST_CASE("job crew: what one job throws comes out when all others are done") {
  const std::filesystem::path device{DATAGEN_FAILING_DEVICE};
  const auto kernels =
      registry::load({device.parent_path(), registry::module_directories().front()});
  REQUIRE_MESSAGE(kernels.ok(), kernels.error());
  const auto throws = from_text("Throws");
  const auto root = [](const bytes& input, const char* backend) {
    return job_request{.kernel = "merkle.root", .params = {}, .input = input, .backend = backend};
  };
  const std::vector<job_request> jobs{root({}, "cpu"), root(throws, "cuda"), root({}, "cpu")};
  for (const std::uint32_t helpers : {0u, 2u}) {
    CAPTURE(helpers);
    job_crew crew(helpers);
    for (int i = 0; i < 3; ++i) {
      std::atomic<int> told{0};
      CHECK_THROWS_WITH(crew.run(kernels, jobs,
                                 [&](std::size_t at, job_result&& x) {
                                   CHECK(at != 1);
                                   CHECK(x.ok());
                                   ++told;
                                 }),
                        "the driver threw");
      CHECK(told == 2);
    }
  }
}
