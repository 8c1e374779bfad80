#include "tools/bench/worker_bench.hpp"

#include "tools/bench/clock.hpp"
#include "tools/bench/samples.hpp"

#include "actors/kernel_worker.hpp"

#include "messages/register.hpp"

#include "protocol/chain/development.hpp"

#include "tests/kernels/jobs/npy_file.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

namespace datagen::bench {

using protocol::bytes;

namespace {

struct actor_config : caf::actor_system_config {
  actor_config() { add_messages(*this); }
};

// Jobs
// ---------------------------------------------------------------------------------------------

struct job_kind {
  std::string title;
  v1::kernel_run job;
};

void put(bytes& out, std::uint32_t x) {
  for (int i = 0; i < 4; ++i)
    out.push_back(static_cast<std::uint8_t>(x >> (8 * i)));
}

v1::kernel_run job_of(const char* kernel, bytes input) {
  return {.kernel = {kernel, 0},
          .parameters = blob{bytes{}},
          .input = blob{std::move(input)},
          .units_max = ~0ULL};
}

bytes messages(std::uint32_t count, std::uint32_t size) {
  bytes out{'D', 'H', 'S', '1'};
  for (const auto x : {count, size, 0u})
    put(out, x);
  out.resize(out.size() + std::size_t{count} * size, 7);
  return out;
}

/// As in a block: each by another key.
bytes signatures(std::uint32_t count, std::uint32_t message_bytes) {
  bytes out{'D', 'E', 'D', '1'}, texts;
  put(out, count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const bytes text(message_bytes, static_cast<std::uint8_t>(i));
    const auto key = protocol::development_key(protocol::development_kind::account, i);
    const auto by = sign(key, text);
    out.insert(out.end(), key.identity.value.begin(), key.identity.value.end());
    out.insert(out.end(), by.value.begin(), by.value.end());
    put(out, message_bytes);
    texts.insert(texts.end(), text.begin(), text.end());
  }
  out.insert(out.end(), texts.begin(), texts.end());
  return out;
}

bytes file_at(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The last of the held-out images, with the model; empty where a file is missing.
bytes digits_row(const std::filesystem::path& models) {
  constexpr std::size_t pixels = 64;
  const auto images = file_at(models / "digits_held_out.npy"), model = file_at(models / "digits.onnx");
  std::vector<float> row(pixels);
  if (images.size() < pixels * sizeof(float) || model.empty())
    return {};
  std::memcpy(row.data(), images.data() + images.size() - pixels * sizeof(float),
              pixels * sizeof(float));
  auto out = kernels::testing::npy_floats(row, "(1, 64)");
  out.insert(out.end(), model.begin(), model.end());
  return out;
}

std::vector<job_kind> kinds_of(const worker_options& options, std::string& why) {
  auto digits = digits_row(options.models);
  if (digits.empty())
    why = "there are no digits.onnx and digits_held_out.npy in " + options.models;
  return {{"sha256.batch, 8 of 64 bytes", job_of("sha256.batch", messages(8, 64))},
          {"ed25519.verify, 16", job_of("ed25519.verify", signatures(16, 100))},
          {"nn.infer, digits, one image", job_of("nn.infer", std::move(digits))}};
}

// The floor
// ---------------------------------------------------------------------------------------------

worker_rate rate_of(std::uint64_t jobs, double wall, double processor) {
  return {.jobs_per_s = 1e6 * static_cast<double>(jobs) / wall,
          .processor_us = processor / static_cast<double>(jobs)};
}

worker_rate run_loop(const kernels::registry& kernels, const v1::kernel_run& job,
                     std::uint32_t threads, double seconds) {
  const auto start = wall_us(), processor = processor_us();
  std::atomic<std::uint64_t> jobs{0};
  const auto loop = [&] {
    for (; wall_us() < start + 1e6 * seconds; ++jobs)
      kernels.run({.kernel = job.kernel.name,
                   .params = {},
                   .input = job.input.view(),
                   .backend = "cpu",
                   .threads = 1});
  };
  {
    std::vector<std::jthread> all;
    for (std::uint32_t i = 0; i < threads; ++i)
      all.emplace_back(loop);
  }
  return rate_of(jobs, wall_us() - start, processor_us() - processor);
}

// Through a worker
// ---------------------------------------------------------------------------------------------

/// What a user orders, and what it gets.
struct load {
  kernel_worker_actor worker;
  v1::kernel_run job;
  double until_us = 0;
  std::uint32_t open = 0;
  std::vector<double> times_us;
  std::string why;
};

/// Sends the next job when one is answered, until the time is over.
void order_next(caf::event_based_actor* self, load& x) {
  ++x.job.number;
  self->request(x.worker, caf::infinite, x.job)
    .then(
      [self, &x, start = wall_us()](const v1::kernel_done& done) {
        x.times_us.push_back(wall_us() - start);
        if (done.code != ec::ok)
          x.why = done.reason;
        if (x.why.empty() && wall_us() < x.until_us)
          order_next(self, x);
        else if (--x.open == 0)
          self->quit();
      },
      [self, &x](const caf::error&) {
        x.why = "the kernel worker ended";
        self->quit();
      });
}

/// One kernel worker of its own, and its users.
class worker_run {
public:
  worker_run(const worker_options& options, std::shared_ptr<const kernels::registry> kernels,
             std::uint32_t batch_jobs_max)
      : options_(options) {
    worker_ = system_.spawn<caf::detached>(
      kernel_worker, kernel_worker_config{.kernels = std::move(kernels),
                                          .threads = options.threads,
                                          .lanes = options.lanes,
                                          .batch = {.jobs_max = batch_jobs_max},
                                          .counts = counts_});
  }
  ~worker_run() {
    caf::scoped_actor self{system_};
    self->send_exit(worker_, caf::exit_reason::user_shutdown);
    self->wait_for(worker_);
  }

  worker_rate run(const v1::kernel_run& job, std::string& why) {
    const auto start = wall_us(), processor = processor_us();
    std::vector<load> loads(options_.callers, {.worker = worker_,
                                               .job = job,
                                               .until_us = start + 1e6 * options_.seconds,
                                               .open = options_.in_flight});
    std::vector<caf::actor> users;
    for (auto& x : loads)
      users.push_back(system_.spawn([&x](caf::event_based_actor* self) {
        for (std::uint32_t i = 0; i < x.open; ++i)
          order_next(self, x);
      }));
    caf::scoped_actor{system_}->wait_for(users);
    const auto wall = wall_us() - start, used = processor_us() - processor;
    std::vector<double> times_us;
    for (const auto& x : loads) {
      times_us.insert(times_us.end(), x.times_us.begin(), x.times_us.end());
      why = x.why.empty() ? why : x.why;
    }
    auto result = rate_of(std::max<std::size_t>(1, times_us.size()), wall, used);
    const auto latency = quantiles_of(std::move(times_us));
    result.p50_us = latency.p50_us;
    result.p99_us = latency.p99_us;
    return result;
  }
  kernel_totals totals() const { return counts_->read(); }

private:
  const worker_options& options_;
  actor_config config_;
  caf::actor_system system_{config_};
  std::shared_ptr<kernel_counts> counts_ = std::make_shared<kernel_counts>();
  kernel_worker_actor worker_;
};

void keep_best(worker_rate& best, const worker_rate& x) {
  if (x.jobs_per_s > best.jobs_per_s)
    best = x;
}

worker_row measure(const worker_options& options, const job_kind& kind, std::string& why) {
  const auto kernels = std::make_shared<const kernels::registry>(kernels::registry::load());
  worker_row row{.title = kind.title};
  if (!kernels->ok())
    return why = kernels->error(), row;
  const auto alone = kernels->run(
    {.kernel = kind.job.kernel.name, .params = {}, .input = kind.job.input.view()});
  if (!alone.ok())
    return why = kind.title + ": " + alone.message, row;
  row.units = alone.units;
  worker_run batched{options, kernels, options.batch_jobs_max}, single{options, kernels, 1};
  for (std::uint32_t i = 0; i < options.rounds && why.empty(); ++i) {
    keep_best(row.floor, run_loop(*kernels, kind.job, options.threads, options.seconds));
    keep_best(row.batched, batched.run(kind.job, why));
    keep_best(row.single, single.run(kind.job, why));
  }
  const auto totals = batched.totals();
  if (totals.batches != 0)
    row.jobs_per_batch = static_cast<double>(totals.batched) / static_cast<double>(totals.batches);
  return row;
}

}  // namespace

worker_report measure_worker(const worker_options& given) {
  auto options = given;
  if (options.threads == 0)
    options.threads = std::max(1u, std::thread::hardware_concurrency());
  worker_report report{.threads = options.threads, .rows = {}, .why = {}};
  for (const auto& kind : kinds_of(options, report.why))
    if (report.why.empty())
      report.rows.push_back(measure(options, kind, report.why));
  return report;
}

}  // namespace datagen::bench
