// `datagen bench link`: links between operators beside raw TLS 1.3 (aims: under 3 times its round
// trip at 100 B, over 70 % of its throughput at 1 MiB).

#include "tools/bench/link/link_bench.hpp"
#include "tools/datagen/bench_output.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace datagen::tools {

namespace {

constexpr double times_raw_aim = 3, of_raw_aim = 0.7;

struct link_arguments {
  bench::link_options options;
  bool json = false;
};

void print_text(const bench::link_report& report) {
  print_line(report.cipher, {"raw us", "link us", "ratio", "raw MB/s", "link MB/s", "unmasked"});
  for (const auto& x : report.rows)
    print_line(
      std::to_string(x.message_bytes) + " B",
      {number(x.raw.p50_us, 1), number(x.link.p50_us, 1), number(x.times_raw(), 2),
       number(x.raw_mb_per_s, 0), number(x.link_mb_per_s, 0), number(x.unmasked_mb_per_s, 0)});
  const auto trip = report.rows.front().times_raw(), rate = report.rows.back().of_raw();
  std::cout << "round trip at 100 B: " << number(trip, 2) << " x raw (aim: under "
            << number(times_raw_aim, 0) << "): " << (trip < times_raw_aim ? "met" : "MISSED")
            << "\nthroughput at 1 MiB: " << number(100 * rate, 0) << " % of raw (aim: over "
            << number(100 * of_raw_aim, 0) << " %): " << (rate > of_raw_aim ? "met" : "MISSED")
            << '\n';
}

void print_json(const bench::link_report& report) {
  boost::json::array rows;
  for (const auto& x : report.rows)
    rows.emplace_back(boost::json::object{{"message_bytes", x.message_bytes},
                                          {"raw_p50_us", x.raw.p50_us},
                                          {"link_p50_us", x.link.p50_us},
                                          {"raw_mb_per_s", x.raw_mb_per_s},
                                          {"link_mb_per_s", x.link_mb_per_s},
                                          {"unmasked_mb_per_s", x.unmasked_mb_per_s}});
  std::cout << boost::json::object{{"cipher", report.cipher},
                                   {"rows", std::move(rows)},
                                   {"aim_times_raw_at_100_bytes", times_raw_aim},
                                   {"aim_of_raw_at_1_mib", of_raw_aim}}
            << '\n';
}

exit_code run_bench(const link_arguments& x) {
  bench::link_report report;
  if (const auto why = bench::measure_links(x.options, report); !why.empty())
    return fail(exit_failed, why);
  x.json ? print_json(report) : print_text(report);
  return exit_ok;
}

}  // namespace

void add_bench_link(CLI::App& bench, action& run) {
  auto* command = bench.add_subcommand("link", "Links between operators beside raw TLS 1.3");
  const auto x = std::make_shared<link_arguments>();
  command->add_option("--seconds", x->options.seconds, "Of each measurement")
    ->check(CLI::Range(0.1, 60.0));
  command->add_option("--rounds", x->options.rounds, "In turns; the median counts")
    ->check(CLI::Range(1, 100));
  command->add_flag("--json", x->json, "Print JSON");
  command->callback([&run, x] { run = [x] { return run_bench(*x); }; });
}

}  // namespace datagen::tools
