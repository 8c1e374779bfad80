#include "tools/bench/job_path.hpp"

#include "tools/bench/clock.hpp"
#include "tools/bench/job_load.hpp"

#include "actors/node/cluster.hpp"
#include "actors/node/development.hpp"

#include "messages/register.hpp"

#include "protocol/chain/development.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include <random>
#include <thread>

namespace datagen::bench {

using namespace protocol;

namespace {

constexpr std::uint32_t rounds = 10;             ///< Peers and path take turns this often.
constexpr std::uint32_t warm_up_jobs = 100;      ///< Through probation, caches and first WAL pages.
constexpr std::uint32_t paused_jobs_max = 1500;  ///< Paused chains settle nothing: jobs stay open.
constexpr std::size_t input_bytes = 64;

/// As `datagen up` sets it.
struct actor_config : caf::actor_system_config {
  actor_config() {
    add_messages(*this);
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", std::max(2u, std::thread::hardware_concurrency()));
  }
};

std::uint64_t unix_ms() { return static_cast<std::uint64_t>(1e3 * seconds_of(CLOCK_REALTIME)); }

digest random_digest() {
  static thread_local std::random_device device;
  digest result;
  for (auto& b : result.value)
    b = static_cast<std::uint8_t>(device());
  return result;
}

cluster_config cluster_of(const job_path_options& options, std::shared_ptr<stage_watch> stages) {
  auto params = dev_preset();
  params.audit_rate_ppm = options.audit_rate_ppm;
  params.emission_start_unix = unix_ms() / 1000;
  cluster_config config{.chain = development_genesis({.validators = options.validators,
                                                      .authors = options.authors,
                                                      .time_ms = unix_ms(),
                                                      .params = params}),
                        .data_dir = options.data_dir,
                        .entropy = random_digest,
                        .stages = std::move(stages)};
  config.hosted = development_identities(config.chain, config.routers);
  return config;
}

std::vector<stage_row> stages_of(const std::vector<finished_job>& jobs) {
  static const std::array<const char*, job_stages + 1> names = {
    "user: name, sign, send",
    "router: check bytes, forward",
    "validator: check ticket, lane, bytes",
    "kernel worker, both hops",
    "validator: result, salt, leaf, sign",
    "archive: durable, both hops",
    "router: return",
    "user: check receipt and opening",
    "user: answer"};
  std::vector<stage_row> rows;
  for (std::size_t i = 0; i < names.size(); ++i) {
    double sum = 0;
    for (const auto& x : jobs)
      sum += (i == job_stages ? x.answered_us : x.reached[i]) -
             (i == 0 ? x.wished_us : x.reached[i - 1]);
    rows.push_back({names[i], jobs.empty() ? 0 : sum / static_cast<double>(jobs.size())});
  }
  return rows;
}

/// One cluster, one user, and everything that is measured with them.
class bench {
public:
  bench(const job_path_options& options, job_floor floor)
      : options_(options),
        floor_(std::move(floor)),
        stages_(std::make_shared<stage_recorder>()),
        system_(config_),
        net_(std::make_shared<local_transport>(system_, unix_ms())),
        cluster_(system_, net_, cluster_of(options, stages_)) {}

  job_path_result run() {
    if (auto why = start(); !why.empty())
      return {{}, why};
    job_path_report report{.cores = std::thread::hardware_concurrency()};
    for (auto in_flight : options_.in_flight)
      report.rows.push_back({.in_flight = in_flight});
    std::vector<load_result> loads(report.rows.size());
    for (std::uint32_t round = 0; round < rounds; ++round) {
      measure_peers(share_of(options_.jobs, round));
      for (std::size_t i = 0; i < loads.size(); ++i)
        if (auto why = measure(report.rows[i], loads[i], share_of(options_.jobs, round));
            !why.empty())
          return {{}, why};
    }
    for (std::size_t i = 0; i < loads.size(); ++i)
      conclude(report.rows[i], loads[i]);
    if (auto why = measure_paused(report); !why.empty())
      return {{}, why};
    report.kernel = quantiles_of(kernel_us_);
    report.request = quantiles_of(request_us_);
    report.floor = quantiles_of(floor_us_);
    const auto passes = static_cast<double>(floor_us_.size());
    report.floor_parts = {floor_sum_.sign_us / passes, floor_sum_.verify_us / passes,
                          floor_sum_.hash_us / passes, floor_sum_.commit_us / passes};
    report.counts = floor_.counts();
    cluster_.stop();
    return {std::move(report), {}};
  }

private:
  static std::uint32_t share_of(std::uint32_t jobs, std::uint32_t round) {
    return jobs * (round + 1) / rounds - jobs * round / rounds;
  }

  std::string start() {
    if (auto why = cluster_.start(); !why.empty())
      return why;
    user_ = cluster_.add_user(0, development_key(development_kind::account, 0));
    std::string why = "no pairing within 30 s";
    caf::scoped_actor self{system_};
    self
      ->request(user_, std::chrono::seconds{30},
                v1::session_wish{.bid = 5'000, .escrow = dg(50'000)})
      .receive(
        [&](const v1::session_ready& x) {
          why = x.reason;
          validator_ = x.validator;
        },
        [](const caf::error&) {});
    if (!why.empty())
      return "the user was not paired: " + why;
    wish_ = {.kernel = {"merkle.root", 0}, .input = blob{bytes(input_bytes, 7)}};
    wish_.units_max = declared_units(cluster_.kernels(), {wish_.kernel, {}, wish_.input}).units;
    path_row ignored{.in_flight = 1};
    load_result none;
    return measure(ignored, none, warm_up_jobs);
  }

  void measure_peers(std::uint32_t times) {
    const auto input = wish_.input.view();
    for (std::uint32_t i = 0; i < times; ++i) {
      const auto start = wall_us();
      const auto done = cluster_.kernels().run({.kernel = wish_.kernel.name, .input = input});
      kernel_us_.push_back(wall_us() - start);
      invariant(done.ok(), "the bench's own job is one that its kernel takes");
    }
    for (std::uint32_t i = 0; i < times; ++i) {
      const auto pass = floor_.run(wish_.kernel, input);
      floor_us_.push_back(pass.total_us());
      floor_sum_.sign_us += pass.sign_us;
      floor_sum_.verify_us += pass.verify_us;
      floor_sum_.hash_us += pass.hash_us;
      floor_sum_.commit_us += pass.commit_us;
    }
    const auto requests = time_requests(system_, times);
    request_us_.insert(request_us_.end(), requests.begin(), requests.end());
  }

  /// Adds `jobs` more jobs to what is known of this number in flight.
  std::string measure(path_row& row, load_result& load, std::uint32_t jobs) {
    const auto before = written();
    auto part = run_load(system_, *stages_,
                         {.user = user_,
                          .wish = wish_,
                          .first_input = std::exchange(next_input_, next_input_ + (1u << 20)),
                          .jobs = jobs,
                          .in_flight = row.in_flight});
    if (part.done.size() < jobs)
      return "only " + std::to_string(part.done.size()) + " of " + std::to_string(jobs) +
             " jobs were answered: " + part.last_reason;
    const auto after = written();
    row.receipts += after.receipts - before.receipts;
    row.commits += after.commits - before.commits;
    row.other_commits += after.other_commits - before.other_commits;
    load.done.insert(load.done.end(), part.done.begin(), part.done.end());
    load.refused += part.refused;
    load.wall_us += part.wall_us;
    load.processor_us += part.processor_us;
    if (!part.last_reason.empty())
      load.last_reason = part.last_reason;
    return {};
  }

  struct written_rows {
    std::uint64_t receipts = 0, commits = 0, other_commits = 0;
  };
  written_rows written() const {
    written_rows sum;
    std::string own = "validator-";
    own += std::to_string(validator_.value);
    for (const auto& [file, totals] : cluster_.totals()) {
      (file == own ? sum.commits : sum.other_commits) += totals->commits;
      sum.receipts += file == own ? totals->receipts.load() : 0;
    }
    return sum;
  }

  static void conclude(path_row& row, const load_result& load) {
    std::vector<double> times;
    for (const auto& x : load.done)
      times.push_back(x.answered_us - x.wished_us);
    const auto jobs = static_cast<double>(times.size());
    row.latency = quantiles_of(std::move(times));
    row.jobs_per_s = 1e6 * jobs / load.wall_us;
    row.processor_us = load.processor_us / jobs;
    row.cores = load.processor_us / load.wall_us;
    row.refused = load.refused;
    row.refusal = load.last_reason;
    row.stages = stages_of(load.done);
  }

  /// The path alone: with the links of all authors held, both chains stand still.
  std::string measure_paused(job_path_report& report) {
    net_->pause(role::fast_author);
    net_->pause(role::heavy_author);
    const auto jobs = std::min(
      options_.jobs, paused_jobs_max / static_cast<std::uint32_t>(options_.in_flight.size()));
    for (auto in_flight : options_.in_flight) {
      path_row row{.in_flight = in_flight, .chains = false};
      load_result load;
      if (auto why = measure(row, load, jobs); !why.empty())
        return why;
      conclude(row, load);
      report.rows.push_back(std::move(row));
    }
    return {};
  }

  job_path_options options_;
  job_floor floor_;
  std::shared_ptr<stage_recorder> stages_;
  actor_config config_;
  caf::actor_system system_;
  std::shared_ptr<local_transport> net_;
  cluster cluster_;
  user_actor user_;
  validator_id validator_;
  v1::job_wish wish_;
  std::uint64_t next_input_ = 0;
  std::vector<double> kernel_us_, floor_us_, request_us_;
  floor_times floor_sum_;
};

}  // namespace

job_path_result measure_job_path(const job_path_options& options) {
  std::string why;
  auto floor = job_floor::open(options.data_dir, why);
  if (!floor)
    return {{}, why};
  return bench{options, std::move(*floor)}.run();
}

}  // namespace datagen::bench
