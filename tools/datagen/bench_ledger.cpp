// `datagen bench ledger`: transactions per second of the Heavy ledger on one core, beside its hashes
// and signatures and beside SQL, and a job's bytes on chain.

#include "tools/bench/ledger_bench.hpp"
#include "tools/datagen/bench_output.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace datagen::tools {

namespace {

constexpr double of_bound_aim = 0.6;
constexpr double fast_bytes_aim = 128, heavy_bytes_aim = 2;

struct ledger_arguments {
  bench::ledger_options options;
  std::uint32_t sessions = 100;
  bool json = false;
};

void print_text(const bench::ledger_costs& costs, const bench::bytes_per_job& size,
                std::uint32_t sessions) {
  print_line("one core, processor time", {"us", "tx/s"});
  for (const auto& [title, us] : {std::pair{"ledger: check, apply, root", costs.ledger_us},
                                  std::pair{"(a) hash and signature alone", costs.bound_us},
                                  std::pair{"(b) balances in SQLite, unsigned", costs.sql_us}})
    print_line(title, {number(us, 2), number(1e6 / us, 0)});
  std::cout << "\nledger / (a): " << number(100 * costs.of_bound(), 1) << " %  (aim: over "
            << number(100 * of_bound_aim, 0) << " %)\n\n"
            << "Bytes per unaudited job at " << size.jobs_per_block << " jobs per block\n";
  print_line("  Fast, leaf", {std::to_string(size.leaf), "aim " + number(fast_bytes_aim, 0)});
  print_line("  Fast, transaction that brings it", {std::to_string(size.submitted)});
  print_line("  Heavy, checkpoint", {number(size.heavy, 3)});
  print_line("  Heavy, one claim for " + std::to_string(sessions) + " sessions",
             {number(size.heavy_claim, 3)});
  print_line("  Heavy, together", {number(size.heavy + size.heavy_claim, 3),
                                   "aim " + number(heavy_bytes_aim, 0)});
}

exit_code run_bench(const ledger_arguments& x) {
  bench::ledger_costs costs;
  if (const auto why = bench::measure_ledger(x.options, costs); !why.empty())
    return fail(exit_failed, why);
  constexpr std::uint32_t checkpoint_blocks = 10, authors = 16;
  const auto size = bench::measure_bytes(x.options.per_block, checkpoint_blocks, authors, x.sessions);
  if (!x.json) {
    print_text(costs, size, x.sessions);
    return exit_ok;
  }
  std::cout << boost::json::object{{"ledger_us", costs.ledger_us},
                                   {"bound_us", costs.bound_us},
                                   {"sql_us", costs.sql_us},
                                   {"of_bound", costs.of_bound()},
                                   {"aim_of_bound", of_bound_aim},
                                   {"jobs_per_block", size.jobs_per_block},
                                   {"fast_leaf_bytes", size.leaf},
                                   {"fast_transaction_bytes", size.submitted},
                                   {"heavy_bytes", size.heavy},
                                   {"heavy_claim_bytes", size.heavy_claim}}
            << '\n';
  return exit_ok;
}

}  // namespace

void add_bench_ledger(CLI::App& bench, action& run) {
  auto* command = bench.add_subcommand(
    "ledger", "The Heavy ledger on one core, beside its cryptography and beside SQL");
  auto x = std::make_shared<ledger_arguments>();
  command->add_option("--accounts", x->options.accounts, "Accounts with a balance")
    ->check(CLI::Range(2, 100'000));
  command->add_option("--per-block", x->options.per_block, "Transactions of a block")
    ->check(CLI::Range(1, 10'000));
  command->add_option("--blocks", x->options.blocks, "Blocks that are measured")
    ->check(CLI::Range(1, 10'000));
  command->add_option("--sessions", x->sessions, "Sessions that share one checkpoint's jobs")
    ->check(CLI::Range(1, 512));
  command->add_option("--database", x->options.database, "Where SQLite keeps the same balances");
  command->add_flag("--json", x->json, "One JSON object");
  command->callback([&run, x] { run = [x] { return run_bench(*x); }; });
}

}  // namespace datagen::tools
