// `datagen bench worker`: small jobs through a kernel worker, several at once and one by one, beside
// the kernels called in a loop.

#include "tools/bench/worker_bench.hpp"
#include "tools/datagen/bench_output.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace datagen::tools {

namespace {

struct worker_arguments {
  bench::worker_options options;
  bool json = false;
};

double of_floor(const bench::worker_row& row, const bench::worker_rate& x) {
  return x.jobs_per_s / row.floor.jobs_per_s;
}

boost::json::object json_of(const bench::worker_row& row, const bench::worker_rate& x) {
  return {{"jobs_per_s", x.jobs_per_s},
          {"of_floor", of_floor(row, x)},
          {"processor_us_per_job", x.processor_us},
          {"p50_us", x.p50_us},
          {"p99_us", x.p99_us}};
}

boost::json::object json_of(const bench::worker_report& report) {
  boost::json::array rows;
  for (const auto& row : report.rows)
    rows.push_back(boost::json::object{{"job", row.title},
                                       {"units", row.units},
                                       {"jobs_per_batch", row.jobs_per_batch},
                                       {"floor", json_of(row, row.floor)},
                                       {"batched", json_of(row, row.batched)},
                                       {"one_by_one", json_of(row, row.single)}});
  return {{"threads", report.threads}, {"rows", std::move(rows)}};
}

void print_rate(const std::string& title, const bench::worker_row& row, const bench::worker_rate& x) {
  print_line(title, {number(x.jobs_per_s, 0), number(of_floor(row, x), 2), number(x.processor_us, 1),
                     number(x.p50_us, 0), number(x.p99_us, 0)});
}

exit_code run_bench(const worker_arguments& x) {
  const auto report = bench::measure_worker(x.options);
  if (!report.why.empty())
    return fail(exit_failed, report.why);
  if (x.json) {
    std::cout << json_of(report) << '\n';
    return exit_ok;
  }
  std::cout << report.threads << " threads, " << x.options.lanes << " lanes, " << x.options.callers
            << " callers with " << x.options.in_flight << " jobs in flight each\n\n";
  print_line("", {"jobs/s", "of floor", "cpu us", "p50 us", "p99 us"});
  for (const auto& row : report.rows) {
    std::cout << row.title << ": " << row.units << " units\n";
    print_line("  called in a loop (floor)",
               {number(row.floor.jobs_per_s, 0), number(1, 2), number(row.floor.processor_us, 1)});
    print_rate("  worker, batches of " + number(row.jobs_per_batch, 1), row, row.batched);
    print_rate("  worker, one by one", row, row.single);
    print_line("  batches / one by one", {number(row.batched.jobs_per_s / row.single.jobs_per_s, 2)});
  }
  return exit_ok;
}

}  // namespace

void add_bench_worker(CLI::App& bench, action& run) {
  auto* command =
    bench.add_subcommand("worker", "Small jobs through a kernel worker, beside the kernels alone");
  auto x = std::make_shared<worker_arguments>();
  command->add_option("--seconds", x->options.seconds, "Of each part of a round")
    ->check(CLI::Range(0.01, 3600.0));
  command->add_option("--rounds", x->options.rounds, "Of which the best counts")
    ->check(CLI::Range(1, 1000));
  command->add_option("--callers", x->options.callers, "Users")->check(CLI::Range(1, 64));
  command->add_option("--in-flight", x->options.in_flight, "Open jobs of each user")
    ->check(CLI::Range(1, 64));
  command->add_option("--threads", x->options.threads, "Of a lane; 0 = one per processor")
    ->check(CLI::Range(0, 1024));
  command->add_option("--lanes", x->options.lanes, "Jobs or batches at a time")
    ->check(CLI::Range(1, 64));
  command->add_option("--batch", x->options.batch_jobs_max, "Small jobs that a lane takes at once")
    ->check(CLI::Range(2, 1024));
  command->add_option("--models", x->options.models, "Where digits.onnx is")
    ->check(CLI::ExistingDirectory);
  command->add_flag("--json", x->json, "One JSON object");
  command->callback([&run, x] { run = [x] { return run_bench(*x); }; });
}

}  // namespace datagen::tools
