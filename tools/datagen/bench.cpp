// `datagen bench`: what a job and a local cluster cost on this machine, beside what they must cost.

#include "tools/datagen/bench_output.hpp"

#include "tools/bench/job_path.hpp"
#include "tools/bench/up_cost.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace datagen::tools {

namespace {

constexpr double floor_ratio_aim = 1.5;  ///< p50 with one job in flight, of the floor.
constexpr double jobs_per_s_aim = 3000;  ///< With 64 in flight on two cores.
constexpr double ready_ms_aim = 1000, resident_mb_aim = 200, idle_percent_aim = 10;

boost::json::object json_of(const bench::quantiles& x) {
  return {{"p50_us", x.p50_us}, {"p99_us", x.p99_us}, {"mean_us", x.mean_us}, {"count", x.count}};
}

double ratio(const bench::job_path_report& report, const bench::path_row& row) {
  return row.latency.p50_us / report.floor.p50_us;
}

boost::json::object json_of(const bench::job_path_report& report, const bench::path_row& row) {
  boost::json::array stages;
  for (const auto& x : row.stages)
    stages.push_back(boost::json::object{{"stage", x.name}, {"mean_us", x.mean_us}});
  return {{"in_flight", row.in_flight},      {"chains", row.chains},
          {"latency", json_of(row.latency)}, {"jobs_per_s", row.jobs_per_s},
          {"of_floor", ratio(report, row)},  {"processor_us_per_job", row.processor_us},
          {"cores_used", row.cores},         {"refused", row.refused},
          {"refusal", row.refusal},          {"receipts", row.receipts},
          {"commits", row.commits},          {"other_commits", row.other_commits},
          {"stages", std::move(stages)}};
}

boost::json::object json_of(const bench::job_path_report& report) {
  boost::json::array rows;
  for (const auto& row : report.rows)
    rows.push_back(json_of(report, row));
  const auto& parts = report.floor_parts;
  const auto& counts = report.counts;
  return {
    {"cores", report.cores},
    {"rows", std::move(rows)},
    {"kernel", json_of(report.kernel)},
    {"floor", json_of(report.floor)},
    {"floor_parts", boost::json::object{{"sign_us", parts.sign_us},
                                        {"verify_us", parts.verify_us},
                                        {"hash_us", parts.hash_us},
                                        {"commit_us", parts.commit_us}}},
    {"floor_counts", boost::json::object{{"signatures", counts.signatures},
                                         {"verifications", counts.verifications},
                                         {"hashes", counts.hashes},
                                         {"commits", counts.commits},
                                         {"receipt_bytes", counts.receipt_bytes},
                                         {"mailbox_hops", bench::mailbox_hops}}},
    {"request", json_of(report.request)},
    {"aims", boost::json::object{{"of_floor", floor_ratio_aim}, {"jobs_per_s", jobs_per_s_aim}}}};
}

std::string title_of(const bench::path_row& row) {
  std::string title = "job path, ";
  title += std::to_string(row.in_flight);
  title += row.chains ? " in flight" : " in flight, chains paused";
  return title;
}

void print_rows(const bench::job_path_report& report) {
  print_line("", {"p50 us", "p99 us", "jobs/s", "x floor", "cpu us", "cores"});
  for (const auto& row : report.rows)
    print_line(title_of(row), {number(row.latency.p50_us, 0), number(row.latency.p99_us, 0),
                               number(row.jobs_per_s, 0), number(ratio(report, row), 2),
                               number(row.processor_us, 0), number(row.cores, 2)});
  for (const auto& [title, x] : {std::pair{"(a) kernel, called directly", &report.kernel},
                                 std::pair{"(b) floor", &report.floor},
                                 std::pair{"(c) request between two actors", &report.request}})
    print_line(title, {number(x->p50_us, 1), number(x->p99_us, 1), number(1e6 / x->mean_us, 0)});
}

void print_floor(const bench::job_path_report& report) {
  const auto& counts = report.counts;
  const auto& parts = report.floor_parts;
  std::cout << "\nThe floor, one job: " << counts.signatures << " signatures "
            << number(parts.sign_us, 0) << " us, " << counts.verifications << " verifications "
            << number(parts.verify_us, 0) << " us, " << counts.hashes << " hashes and encoding "
            << number(parts.hash_us, 0) << " us, " << counts.commits << " durable commit of "
            << counts.receipt_bytes << " bytes " << number(parts.commit_us, 0)
            << " us.\nThe path adds " << bench::mailbox_hops << " mailbox hops.\n";
}

void print_stages(const bench::job_path_report& report) {
  std::cout << "\nWhere the time goes, mean us\n";
  std::vector<std::string> heads;
  for (const auto& row : report.rows) {
    auto head = std::to_string(row.in_flight);
    head += row.chains ? "" : " paused";
    heads.push_back(std::move(head));
  }
  print_line("  in flight", heads);
  for (std::size_t i = 0; i < report.rows.front().stages.size(); ++i) {
    std::vector<std::string> columns;
    for (const auto& row : report.rows)
      columns.push_back(number(row.stages[i].mean_us, 0));
    print_line("  " + report.rows.front().stages[i].name, columns);
  }
}

void print_commits(const bench::job_path_report& report) {
  std::cout << '\n';
  for (const auto& row : report.rows) {
    std::cout << title_of(row) << ": " << row.receipts << " receipts in " << row.commits
              << " commits; " << row.other_commits << " commits of other archives; " << row.refused
              << " refused\n";
    if (row.refused != 0)
      std::cout << "  last refusal: " << row.refusal << '\n';
  }
}

exit_code bench_job_path(bench::job_path_options options, bool json) {
  const auto result = bench::measure_job_path(options);
  if (!result.why.empty())
    return fail(exit_failed, result.why);
  const auto& report = result.report;
  if (json) {
    std::cout << json_of(report) << '\n';
    return exit_ok;
  }
  std::cout << "merkle.root of 64 bytes; " << options.validators << " validators, "
            << options.authors << " authors, one process, " << report.cores << " cores\n\n";
  print_rows(report);
  print_floor(report);
  print_stages(report);
  print_commits(report);
  std::cout << "\nAims: 1 in flight under " << number(floor_ratio_aim, 1)
            << " x floor; 64 in flight at least " << number(jobs_per_s_aim, 0)
            << " jobs/s on 2 cores\n";
  return exit_ok;
}

exit_code bench_up(const bench::up_options& options, bool json) {
  const auto [cost, why] = bench::measure_up(options);
  if (!why.empty())
    return fail(exit_failed, why);
  if (json) {
    std::cout << boost::json::object{{"ready_ms", cost.ready_ms},
                                     {"resident_mb", cost.resident_mb},
                                     {"idle_percent", cost.idle_percent},
                                     {"stop_ms", cost.stop_ms},
                                     {"exit_code", cost.exit_code}}
              << '\n';
    return exit_ok;
  }
  const auto line = [](double x, int digits, const char* unit, double aim) {
    return number(x, digits) + unit + (x < aim ? "  (aim: under " : "  MISSED (aim: under ") +
           number(aim, 0) + unit + ")";
  };
  print_table({{"ready", line(cost.ready_ms, 0, " ms", ready_ms_aim)},
               {"resident", line(cost.resident_mb, 0, " MB", resident_mb_aim)},
               {"idle", line(cost.idle_percent, 1, " % of one core", idle_percent_aim)},
               {"stop", number(cost.stop_ms, 0) + " ms"}});
  return exit_ok;
}

void add_job_path(CLI::App& bench, action& run) {
  auto* command =
    bench.add_subcommand("job-path", "A tiny job through the whole path of real actors");
  struct arguments {
    bench::job_path_options options;
    bool json = false;
  };
  auto x = std::make_shared<arguments>();
  command->add_option("--jobs", x->options.jobs, "Jobs per number in flight")
    ->check(CLI::Range(10, 10'000'000));
  command->add_option("--in-flight", x->options.in_flight, "Jobs in flight, e.g. 1,64")
    ->delimiter(',')
    ->check(CLI::Range(1, 1024));
  command->add_option("--data", x->options.data_dir,
                      "Directory for the databases, without any of an earlier run; by default a "
                      "temporary one");
  command
    ->add_option("--audit-rate", x->options.audit_rate_ppm, "Share of jobs audited, millionths")
    ->check(CLI::Range(1, 1'000'000));
  command->add_flag("--json", x->json, "One JSON object");
  command->callback([x, &run] {
    run = [x] {
      return in_directory(x->options.data_dir, [&](const std::string& scratch) {
        auto options = x->options;
        if (options.data_dir.empty())
          options.data_dir = scratch;
        return bench_job_path(options, x->json);
      });
    };
  });
}

void add_up_cost(CLI::App& bench, action& run) {
  auto* command = bench.add_subcommand("up", "Ready time, memory and idle load of `datagen up`");
  struct arguments {
    bench::up_options options;
    bool json = false;
  };
  auto x = std::make_shared<arguments>();
  command->add_option("--seconds", x->options.seconds, "How long it idles under watch")
    ->check(CLI::Range(1, 3600));
  command->add_option("--data", x->options.data_dir, "Its data directory; without it, in memory");
  command->add_flag("--json", x->json, "One JSON object");
  command->callback([x, &run] {
    run = [x] {
      return in_directory(x->options.data_dir, [&](const std::string& scratch) {
        auto options = x->options;
        options.scratch_dir = scratch;
        return bench_up(options, x->json);
      });
    };
  });
}

}  // namespace

void add_bench(CLI::App& program, action& run) {
  auto* bench = program.add_subcommand("bench", "Measure jobs, clusters, chains and kernels on this machine");
  bench->require_subcommand(1);
  add_job_path(*bench, run);
  add_up_cost(*bench, run);
  add_bench_consensus(*bench, run);
  add_bench_ledger(*bench, run);
  add_bench_kernels(*bench, run);
  add_bench_link(*bench, run);
  add_bench_scenario(*bench, run);
  add_bench_worker(*bench, run);
}

}  // namespace datagen::tools
