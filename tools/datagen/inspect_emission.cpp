// `datagen inspect emission --day N | --at UNIXTIME`: the reserve after N daily releases (R30).

#include "protocol/ledger/emission.hpp"
#include "protocol/params.hpp"
#include "tools/datagen/commands.hpp"
#include "tools/datagen/failure.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace datagen::tools {

namespace {

struct emission_arguments {
  std::uint64_t day = 0;
  std::uint64_t at = 0;
  bool by_time = false;
  std::string preset;
  std::optional<std::uint64_t> genesis_time;
  bool json = false;
};

/// When day 1 falls: as the preset says, and where it leaves that to the chain, at genesis time.
std::uint64_t start_of(const emission_arguments& x) {
  if (x.preset.empty() && x.genesis_time)
    return *x.genesis_time;
  const std::string name = x.preset.empty() ? "default" : x.preset;
  const auto start = protocol::preset_by_name(name).value().emission_start_unix;
  if (start == 0 && !x.genesis_time)
    throw failure(exit_usage, "preset " + name + " starts its emission with the chain: add "
                                "--genesis-time with the chain's first second");
  if (start != 0 && x.genesis_time)
    throw failure(exit_usage, "preset " + name + " starts its emission at " +
                                std::to_string(start) +
                                ", whenever the chain starts: leave --genesis-time out");
  return start != 0 ? start : *x.genesis_time;
}

exit_code print(const emission_arguments& x) {
  using namespace protocol;
  const auto state = emission_after(x.by_time ? emission_day_at(x.at, start_of(x)) : x.day);
  if (x.json) {
    std::cout << boost::json::object{{"day", state.day},
                                     {"released", to_decimal(state.released.units)},
                                     {"remaining", to_decimal(state.remaining.units)},
                                     {"rate", to_decimal(state.rate.units)}}
              << '\n';
    return exit_ok;
  }
  print_table({{"day", std::to_string(state.day)},
               {"released", to_text(state.released)},
               {"remaining", to_text(state.remaining)},
               {"rate", to_text(state.rate) + " on that day"}});
  return exit_ok;
}

}  // namespace

void add_inspect_emission(CLI::App& inspect, action& run) {
  auto* command = inspect.add_subcommand("emission", "The mining reserve after N daily releases");
  auto x = std::make_shared<emission_arguments>();
  auto* day = command->add_option("--day", x->day, "State after N releases; day 1 is genesis time");
  auto* at = command->add_option("--at", x->at, "State at a Unix time in seconds");
  day->check(check_uint64)->excludes(at);
  at->check(check_uint64)->excludes(day);
  command
    ->add_option("--preset", x->preset,
                 "Whose first day --at counts from: whitepaper, default (if not given) or dev")
    ->check(CLI::IsMember({"whitepaper", "default", "dev"}))
    ->needs(at);
  command
    ->add_option("--genesis-time", x->genesis_time,
                 "Unix time of the chain's first second, where emission starts with the chain")
    ->check(check_uint64)
    ->needs(at);
  command->add_flag("--json", x->json, "Decimal strings in units of 10^-18 DG");
  command->callback([&run, x, day, at] {
    if (day->count() + at->count() == 0)
      throw CLI::RequiredError("--day or --at");
    x->by_time = at->count() > 0;
    run = [x] { return print(*x); };
  });
}

}  // namespace datagen::tools
