// `datagen bench scenario`: messages per second of whole networks in virtual time, beside the bare
// scheduler's.

#include "tools/bench/scenario_bench.hpp"
#include "tools/datagen/bench_output.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace datagen::tools {

namespace {

constexpr std::uint32_t aim_validators = 16;
constexpr double messages_per_s_aim = 100'000;  ///< With simulated signatures.

struct scenario_arguments {
  bench::scenario_options options;
  std::uint64_t virtual_s = 30;
  std::string crypto = "simulated";
  bool json = false;
};

double per_s(std::uint64_t count, double real_s) { return static_cast<double>(count) / real_s; }

void print_text(const bench::scenario_report& report, const std::string& crypto) {
  std::cout << "One thread, " << crypto << " signatures\n";
  print_line("", {"messages", "msgs/s", "taken/s", "of bare", "virtual s", "real s", "x real"});
  const auto bare = per_s(report.bare.messages, report.bare.real_s);
  print_line("bare scheduler, " + std::to_string(report.bare.actors) + " actors",
             {std::to_string(report.bare.messages), number(bare, 0), number(bare, 0), "100.0 %", "",
              number(report.bare.real_s, 2), ""});
  for (const auto& x : report.rows) {
    const auto taken = per_s(x.deliveries, x.real_s);
    print_line(std::to_string(x.validators) + " validators, " + std::to_string(x.authors) + " authors",
               {std::to_string(x.messages), number(per_s(x.messages, x.real_s), 0), number(taken, 0),
                number(100 * taken / bare, 1) + " %", number(x.virtual_s, 0), number(x.real_s, 2),
                number(x.virtual_s / x.real_s, 1)});
  }
  for (const auto& x : report.rows)
    if (x.validators == aim_validators && crypto == "simulated") {
      const auto reached = per_s(x.messages, x.real_s);
      std::cout << "\nmessages between roles at " << aim_validators << " validators: "
                << number(reached, 0) << "/s (aim: over " << number(messages_per_s_aim, 0)
                << "/s): " << (reached > messages_per_s_aim ? "met" : "MISSED") << '\n';
    }
}

void print_json(const bench::scenario_report& report, const std::string& crypto) {
  boost::json::array rows;
  for (const auto& x : report.rows)
    rows.emplace_back(boost::json::object{{"validators", x.validators},
                                          {"authors", x.authors},
                                          {"virtual_s", x.virtual_s},
                                          {"real_s", x.real_s},
                                          {"messages", x.messages},
                                          {"deliveries", x.deliveries},
                                          {"jobs_answered", x.jobs},
                                          {"messages_per_s", per_s(x.messages, x.real_s)},
                                          {"deliveries_per_s", per_s(x.deliveries, x.real_s)}});
  std::cout << boost::json::object{{"crypto", crypto},
                                   {"bare_messages_per_s",
                                    per_s(report.bare.messages, report.bare.real_s)},
                                   {"rows", std::move(rows)},
                                   {"aim_validators", aim_validators},
                                   {"aim_messages_per_s", messages_per_s_aim}}
            << '\n';
}

exit_code run_bench(scenario_arguments x) {
  x.options.virtual_ms = x.virtual_s * 1'000;
  x.options.crypto = x.crypto == "real" ? scenario::crypto::real : scenario::crypto::simulated;
  const auto report = bench::measure_scenarios(x.options);
  if (!report.why.empty())
    return fail(exit_failed, report.why);
  x.json ? print_json(report, x.crypto) : print_text(report, x.crypto);
  return exit_ok;
}

}  // namespace

void add_bench_scenario(CLI::App& bench, action& run) {
  auto* command = bench.add_subcommand(
    "scenario", "Whole networks in virtual time: messages per second, beside the bare scheduler");
  const auto x = std::make_shared<scenario_arguments>();
  command->add_option("--validators", x->options.validators, "Sizes, by default 4,16,100")
    ->delimiter(',')
    ->check(CLI::Range(4, 128));
  command->add_option("--seconds", x->virtual_s, "Of virtual time, each")
    ->check(CLI::Range(10, 100'000));
  command->add_option("--crypto", x->crypto, "simulated or real")
    ->check(CLI::IsMember({"real", "simulated"}));
  command->add_flag("--json", x->json, "One JSON object");
  command->callback([&run, x] { run = [x] { return run_bench(*x); }; });
}

}  // namespace datagen::tools
