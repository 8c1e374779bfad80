// `datagen bench consensus`: message delays, authors in one process beside what their cryptography
// must cost, and author processes beside etcd.

#include "tools/datagen/bench_output.hpp"

#include "tools/bench/consensus_bench.hpp"
#include "tools/bench/message_delays.hpp"

#include <boost/json.hpp>

#include <filesystem>
#include <iostream>

namespace datagen::tools {

namespace {

constexpr double average_delays_over_wave = 0.9;  ///< Leaders: exactly w.
constexpr double of_bound_aim = 0.7, of_etcd_aim = 5;
constexpr std::uint32_t delay_rounds = 120;
constexpr std::uint32_t busy_in_flight = 4096;  ///< Of the rows that show leaves per second.

struct consensus_options {
  std::vector<std::uint32_t> authors = {4, 7, 16};
  std::vector<std::string> coins = {"openssl", "cryptopp"};
  std::vector<std::uint32_t> in_flight = {1, 64, 1024, 4096};
  double seconds = 3;
  std::string data_dir;
  std::string parts = "delays,process,etcd";
  bool json = false;
  bool wants(std::string_view part) const { return parts.find(part) != std::string::npos; }
};

struct consensus_report {
  std::vector<bench::delay_report> delays;
  std::vector<bench::in_process_row> in_process;
  bench::peer_result peer;
};

std::string in_program_directory(const char* name) {
  std::error_code ignored;
  return (std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / name).string();
}

double of_etcd(const bench::peer_row& row) { return row.ours.per_s() / row.etcd->per_s; }

// Measuring
// ----------------------------------------------------------------------------------------

/// @returns a sentence why not, or an empty one
std::string measure(const consensus_options& options, const std::string& directory,
                    consensus_report& report) {
  if (options.wants("delays"))
    for (const auto n : options.authors)
      for (const std::uint32_t wave : {4, 5})
        report.delays.push_back(bench::measure_delays(n, wave, delay_rounds));
  if (options.wants("process"))
    for (const auto& coin : options.coins)
      for (const auto n : options.authors)
        for (const auto& [in_flight, own_caches] :
             {std::pair{n, true}, std::pair{n, false}, std::pair{busy_in_flight, false}}) {
          auto [row, why] = bench::measure_in_process({.authors = n,
                                                       .coin = coin,
                                                       .in_flight = in_flight,
                                                       .own_caches = own_caches,
                                                       .seconds = options.seconds});
          if (!why.empty())
            return why;
          report.in_process.push_back(std::move(row));
        }
  if (options.wants("etcd"))
    report.peer =
      bench::measure_beside_etcd({.directory = directory,
                                  .author_program = in_program_directory("author_process"),
                                  .etcd_client = in_program_directory("etcd_load"),
                                  .in_flight = options.in_flight,
                                  .seconds = options.seconds});
  return report.peer.why;
}

// Printing
// -----------------------------------------------------------------------------------------

void print(const std::vector<bench::delay_report>& delays) {
  std::cout << "Message delays from proposal to commit, synchronous network\n";
  print_line("", {"leader", "aim", "average", "aim"});
  for (const auto& x : delays)
    print_line("  n = " + std::to_string(x.authors) + ", w = " + std::to_string(x.wave) +
                 ", l = " + std::to_string(x.leaders),
               {number(x.leader, 2), number(x.wave, 1), number(x.average, 2),
                number(x.wave + average_delays_over_wave, 1)});
}

std::string name_of(const bench::in_process_row& x) {
  return "  n = " + std::to_string(x.authors) + ", " + x.coin + ", " + std::to_string(x.in_flight) +
         (x.own_caches ? ", own caches" : " in flight");
}

void print(const std::vector<bench::in_process_row>& rows) {
  std::cout << "\nIn one process, log of 128-byte leaves, w = 4, no pause between rounds; peer: "
               "cryptography alone\n";
  print_line("",
             {"rounds/s", "bound", "of bound", "crypto", "leaves/s", "p50 ms", "p99 ms", "cores"});
  for (const auto& x : rows)
    print_line(name_of(x),
               {number(x.rounds_per_s, 1), number(x.bound_per_s(), 1),
                number(100 * x.of_bound(), 0) + " %", number(100 * x.crypto_share(), 0) + " %",
                number(x.leaves.per_s(), 0), number(x.leaves.latency.p50_us / 1e3, 1),
                number(x.leaves.latency.p99_us / 1e3, 1), number(x.cores, 2)});
  std::cout
    << "  bound: every vertex verified and every coin combined once per process, or by each "
       "author for itself as on hosts of their own; crypto: its share of the processor "
       "time\n\nWhere a round's processor time goes, us\n";
  print_line("", {"sign", "verify", "share", "check", "combine", "bound", "measured"});
  for (const auto& x : rows) {
    const auto& costs = x.bound.costs;
    const auto n = static_cast<double>(x.authors);
    print_line(name_of(x),
               {number(n * costs.sign_us, 0), number(n * costs.verify_us, 0),
                number(n * costs.share_us, 0), number(n * costs.check_us, 0),
                number(costs.combine_us, 0), number(x.bound_us(), 0), number(x.round_us, 0)});
  }
}

void print(const bench::peer_result& peer) {
  std::cout << "\nAs processes with durable writes, 128 bytes each: 4 authors (one may lie) and 3 "
               "etcd members (one may crash)\n";
  print_line("", {"ours/s", "p50 ms", "p99 ms", "etcd/s", "p50 ms", "p99 ms", "ratio"});
  for (const auto& x : peer.rows) {
    std::vector<std::string> columns{number(x.ours.per_s(), 0),
                                     number(x.ours.latency.p50_us / 1e3, 1),
                                     number(x.ours.latency.p99_us / 1e3, 1)};
    if (x.etcd)
      for (auto& text : {number(x.etcd->per_s, 0), number(x.etcd->p50_us / 1e3, 1),
                         number(x.etcd->p99_us / 1e3, 1), number(of_etcd(x), 2)})
        columns.push_back(text);
    print_line("  " + std::to_string(x.in_flight) + " in flight", columns);
  }
  std::cout << "Processor time per entry, us\n";
  for (const auto& x : peer.rows)
    print_line(
      "  " + std::to_string(x.in_flight) + " in flight",
      {"authors", number(x.our_processor_us, 0), "client", number(x.client_processor_us, 0), "etcd",
       x.etcd ? number(x.etcd->processor_us, 0) : "-"});
  if (!peer.no_peer.empty())
    std::cout << "No figures of etcd: " << peer.no_peer << '\n';
}

void print_aims(const consensus_report& report) {
  std::cout << "\nAims: leaders after w delays, vertices after w + 0.9 on average; over "
            << number(100 * of_bound_aim, 0) << " % of the bound with few leaves in flight; "
            << number(of_etcd_aim, 0) << " x etcd's entries/s at the highest concurrency";
  if (!report.peer.rows.empty() && report.peer.rows.back().etcd)
    std::cout << (of_etcd(report.peer.rows.back()) < of_etcd_aim ? " (MISSED)" : " (met)");
  std::cout << '\n';
}

// JSON
// ---------------------------------------------------------------------------------------------

boost::json::object json_of(const bench::delay_report& x) {
  return {{"authors", x.authors}, {"wave", x.wave},       {"leaders", x.leaders},
          {"leader", x.leader},   {"average", x.average}, {"vertices", x.vertices}};
}

boost::json::object json_of(const bench::leaf_report& x) {
  return {{"per_s", x.per_s()},
          {"committed", x.committed},
          {"refused", x.refused},
          {"p50_us", x.latency.p50_us},
          {"p99_us", x.latency.p99_us}};
}

boost::json::object json_of(const bench::in_process_row& x) {
  const auto& costs = x.bound.costs;
  return {{"authors", x.authors},
          {"coin", x.coin},
          {"in_flight", x.in_flight},
          {"own_caches", x.own_caches},
          {"leaves", json_of(x.leaves)},
          {"rounds_per_s", x.rounds_per_s},
          {"bound_rounds_per_s", x.bound_per_s()},
          {"of_bound", x.of_bound()},
          {"crypto_share", x.crypto_share()},
          {"cores_used", x.cores},
          {"round_us", x.round_us},
          {"bound_us", x.bound_us()},
          {"operation_us", boost::json::object{{"sign", costs.sign_us},
                                               {"verify", costs.verify_us},
                                               {"share", costs.share_us},
                                               {"check", costs.check_us},
                                               {"combine", costs.combine_us}}}};
}

boost::json::object json_of(const bench::peer_row& x) {
  boost::json::object result{{"in_flight", x.in_flight},
                             {"ours", json_of(x.ours)},
                             {"author_processor_us", x.our_processor_us},
                             {"client_processor_us", x.client_processor_us}};
  if (x.etcd)
    result["etcd"] = boost::json::object{{"per_s", x.etcd->per_s},
                                         {"p50_us", x.etcd->p50_us},
                                         {"p99_us", x.etcd->p99_us},
                                         {"processor_us", x.etcd->processor_us},
                                         {"ratio", of_etcd(x)}};
  return result;
}

template <class Row>
boost::json::array json_of(const std::vector<Row>& rows) {
  boost::json::array result;
  for (const auto& row : rows)
    result.push_back(json_of(row));
  return result;
}

exit_code run_bench(const consensus_options& options, const std::string& directory) {
  consensus_report report;
  if (const auto why = measure(options, directory, report); !why.empty())
    return fail(exit_failed, why);
  if (options.json) {
    std::cout << boost::json::object{{"delays", json_of(report.delays)},
                                     {"in_process", json_of(report.in_process)},
                                     {"beside_etcd", json_of(report.peer.rows)},
                                     {"no_etcd", report.peer.no_peer}}
              << '\n';
    return exit_ok;
  }
  if (!report.delays.empty())
    print(report.delays);
  if (!report.in_process.empty())
    print(report.in_process);
  if (!report.peer.rows.empty())
    print(report.peer);
  print_aims(report);
  return exit_ok;
}

}  // namespace

void add_bench_consensus(CLI::App& bench, action& run) {
  auto* command = bench.add_subcommand(
    "consensus", "The consensus engine: message delays, rounds per second, and beside etcd");
  auto x = std::make_shared<consensus_options>();
  command->add_option("--authors", x->authors, "Committee sizes, e.g. 4,7,16")
    ->delimiter(',')
    ->check(CLI::Range(4, 20));
  command->add_option("--coins", x->coins, "Back ends of the coin")
    ->delimiter(',')
    ->check(CLI::IsMember({"openssl", "cryptopp"}));
  command->add_option("--in-flight", x->in_flight, "Entries in flight beside etcd, e.g. 1,64,1024")
    ->delimiter(',')
    ->check(CLI::Range(1, 16'384));
  command->add_option("--seconds", x->seconds, "Length of each measurement")
    ->check(CLI::Range(0.1, 600.0));
  command->add_option("--parts", x->parts, "Some of delays,process,etcd");
  command->add_option("--data", x->data_dir,
                      "Directory for the databases of both sides; by default a temporary one");
  command->add_flag("--json", x->json, "One JSON object");
  command->callback([x, &run] {
    run = [x] {
      return in_directory(x->data_dir, [&](const std::string& scratch) {
        return run_bench(*x, x->data_dir.empty() ? scratch : x->data_dir);
      });
    };
  });
}

}  // namespace datagen::tools
