// `datagen inspect emission --day N | --at UNIXTIME`: the reserve after N daily releases (R30).

#include "protocol/ledger/emission.hpp"
#include "protocol/params.hpp"
#include "tools/datagen/commands.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace datagen::tools {

namespace {

struct emission_arguments {
  std::uint64_t day = 0;
  std::uint64_t at = 0;
  bool by_time = false;
  bool json = false;
};

exit_code print(const emission_arguments& x) {
  using namespace protocol;
  const auto start = default_preset().emission_start_unix;
  const auto state = emission_after(x.by_time ? emission_day_at(x.at, start) : x.day);
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
  command->add_flag("--json", x->json, "Decimal strings in units of 10^-18 DG");
  command->callback([&run, x, day, at] {
    if (day->count() + at->count() == 0)
      throw CLI::RequiredError("--day or --at");
    x->by_time = at->count() > 0;
    run = [x] { return print(*x); };
  });
}

}  // namespace datagen::tools
