// `datagen inspect self-dealing`: what jobs sent to oneself bring, for shares of 0 to 100 % (R26).

#include "protocol/ledger/self_dealing.hpp"
#include "tools/datagen/commands.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace datagen::tools {

using namespace protocol;

namespace {

struct farming_arguments {
  std::string preset = "default";
  std::string cap;
  std::uint64_t pool_dg = 1'140;
  std::uint64_t units = 1'000'000'000;
  std::uint64_t price_nano = 1'000'000;
  bool one_name = false;
  bool json = false;
};

constexpr std::uint32_t step_permille = 50;

std::string signed_text(const ledger::self_dealing_result& x) {
  return x.gains() ? "+" + to_text(x.back() - x.spent)
         : x.back() < x.spent ? "-" + to_text(x.spent - x.back()) : "0 DG";
}

boost::json::object json_of(std::uint32_t share, const ledger::self_dealing_result& x) {
  return {{"share_permille", share},
          {"units", x.own_units},
          {"spent", to_decimal(x.spent.units)},
          {"earned", to_decimal(x.earned.units)},
          {"checked", to_decimal(x.checked.units)},
          {"rewarded", to_decimal(x.rewarded.units)},
          {"gains", x.gains()},
          {"profit", signed_text(x)}};
}

exit_code print(const farming_arguments& x) {
  auto p = preset_by_name(x.preset).value_or(parameters{});
  if (!x.cap.empty())
    p.reward_cap = x.cap == "on";
  boost::json::array rows;
  std::vector<std::pair<std::string, std::string>> table{
    {"own share", "spent            back             profit"}};
  for (std::uint32_t share = 0; share <= 1'000; share += step_permille) {
    const auto found =
      ledger::judge(p, {.pool = dg(x.pool_dg), .units_total = x.units, .share_permille = share,
                        .price_nano = x.price_nano, .one_name = x.one_name});
    rows.emplace_back(json_of(share, found));
    auto spent = to_text(found.spent), back = to_text(found.back());
    spent.resize(std::max<std::size_t>(spent.size() + 1, 17), ' ');
    back.resize(std::max<std::size_t>(back.size() + 1, 17), ' ');
    table.emplace_back(std::to_string(share / 10) + " %", spent + back + signed_text(found));
  }
  if (x.json)
    std::cout << boost::json::object{{"preset", x.preset},
                                     {"reward_cap", p.reward_cap},
                                     {"rows", std::move(rows)}}
              << '\n';
  else
    print_table(table);
  return exit_ok;
}

}  // namespace

void add_inspect_self_dealing(CLI::App& inspect, action& run) {
  auto* command = inspect.add_subcommand(
    "self-dealing", "What an operator gets for paying its own validators, by its share of all work");
  auto x = std::make_shared<farming_arguments>();
  command->add_option("--preset", x->preset, "whitepaper, default or dev")
    ->check(CLI::IsMember({"whitepaper", "default", "dev"}));
  command->add_option("--cap", x->cap, "on or off, whatever the preset says")
    ->check(CLI::IsMember({"on", "off"}));
  command->add_option("--pool", x->pool_dg, "The epoch's reward pool in DG; default six hours of 2024")
    ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{15'000'000}));
  command->add_option("--units", x->units, "Units matured by everybody in the epoch")
    ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 44));
  command->add_option("--price", x->price_nano, "Price of 1,000 units in 10^-9 DG")
    ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 40));
  command->add_flag("--one-name", x->one_name, "Payer and validator show the same operator");
  command->add_flag("--json", x->json, "One JSON object");
  command->callback([&run, x] { run = [x] { return print(*x); }; });
}

}  // namespace datagen::tools
