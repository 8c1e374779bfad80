// `datagen inspect params --preset NAME`: every genesis parameter, and what follows from them.

#include "protocol/param_fields.hpp"
#include "tools/datagen/commands.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace datagen::tools {

using namespace protocol;

namespace {

struct params_arguments {
  std::string preset = "default";
  std::vector<std::string> changes;
  bool json = false;
};

/// Thousandths as "12.345".
std::string thousandths(uint128 x) {
  const auto fraction = to_decimal(x % 1'000);
  return to_decimal(x / 1'000) + "." + std::string(3 - fraction.size(), '0') + fraction;
}

struct consequence {
  std::string name;
  std::string value;
  std::string unit;
  std::string meaning;
};

/// What a reader of section 4 asks first: how much a stake may carry, and what audits cost.
std::vector<consequence> consequences(const parameters& p) {
  const auto cap = value_cap(p, dg(1'000));
  const amount job{units_per_dg / 1'000};
  const auto rate =
    p.maturity_target_ms == 0 ? 0 : mul_div(cap.units, 1'000'000, job.units) / p.maturity_target_ms;
  return {{"job_value_max", to_decimal(cap.units), "10^-18 DG",
           "largest value in flight per 1,000 DG of stake"},
          {"job_value_max_per_user", to_decimal(value_cap_per_user(p, cap).units), "10^-18 DG",
           "part of it that one user may fill"},
          {"jobs_per_second", thousandths(rate), "1/s",
           "jobs of 0.001 DG per 1,000 DG of stake, at the planned maturity"},
          {"audit_fee_needed_permille", to_decimal(audit_permille_needed(p)), "permille",
           "of the price, for audits to pay for themselves"}};
}

boost::json::array json_rows(const parameters& p) {
  boost::json::array result;
  const auto rows = parameter_rows(p);
  std::size_t i = 0;
  visit_parameters(p, [&](const char*, const auto& field, const char*, const char*) {
    const auto& row = rows[i++];
    boost::json::value value = boost::json::string{row.value};
    if constexpr (std::is_integral_v<std::decay_t<decltype(field)>>)
      value = field;
    result.emplace_back(boost::json::object{
      {"name", row.name}, {"value", value}, {"unit", row.unit}, {"meaning", row.meaning}});
  });
  return result;
}

void print_rows(const parameters& p) {
  std::vector<std::pair<std::string, std::string>> table;
  const auto add = [&table](const std::string& name, std::string value, const std::string& unit,
                            const std::string& meaning) {
    if (unit == "10^-18 DG")
      value = to_text(amount{from_decimal(value).value_or(0)});
    else if (unit != "flag" && unit != "name" && unit != "number")
      value += " " + unit;
    value.resize(std::max<std::size_t>(value.size() + 2, 24), ' ');
    table.emplace_back(name, value + meaning);
  };
  for (const auto& row : parameter_rows(p))
    add(row.name, row.value, row.unit, row.meaning);
  table.emplace_back();
  for (const auto& x : consequences(p))
    add(x.name, x.value, x.unit, x.meaning);
  print_table(table);
}

/// Applies NAME=VALUE. @returns a sentence where that is impossible
std::string change(parameters& p, const std::string& text) {
  const auto at = text.find('=');
  if (at == std::string::npos)
    return "--set " + text + ": expected NAME=VALUE";
  const auto name = text.substr(0, at), value = text.substr(at + 1);
  switch (assign(p, name, value)) {
    case assign_check::ok:
      return {};
    case assign_check::bad_value:
      return "'" + value + "' is no value for " + name;
    case assign_check::unknown_name:
      break;
  }
  std::vector<std::string> names;
  for (const auto& row : parameter_rows(p))
    names.push_back(row.name);
  const auto close = nearest(name, names);
  return "there is no parameter '" + name + "'" +
         (close.empty() ? std::string{} : "; did you mean '" + close + "'?");
}

exit_code print(const params_arguments& x) {
  auto p = preset_by_name(x.preset).value_or(parameters{});
  for (const auto& text : x.changes)
    if (const auto why = change(p, text); !why.empty())
      return fail(exit_usage, why);
  if (const auto reason = check(p); reason != parameter_check::ok)
    return fail(exit_configuration, "refused: " + explain(p, reason));
  if (!x.json) {
    print_rows(p);
    return exit_ok;
  }
  boost::json::object derived;
  for (const auto& y : consequences(p))
    derived[y.name] =
      boost::json::object{{"value", y.value}, {"unit", y.unit}, {"meaning", y.meaning}};
  std::cout << boost::json::object{{"preset", x.preset},
                                   {"parameters", json_rows(p)},
                                   {"derived", derived}}
            << '\n';
  return exit_ok;
}

}  // namespace

void add_inspect_params(CLI::App& inspect, action& run) {
  auto* command = inspect.add_subcommand("params", "Every genesis parameter with unit and meaning");
  auto x = std::make_shared<params_arguments>();
  command->add_option("--preset", x->preset, "whitepaper, default or dev")
    ->check(CLI::IsMember({"whitepaper", "default", "dev"}));
  command->add_option("--set", x->changes,
                      "Change a row, NAME=VALUE; may be repeated. A table that breaks a gate is "
                      "refused with formula and numbers");
  command->add_flag("--json", x->json, "One JSON object");
  command->callback([&run, x] { run = [x] { return print(*x); }; });
}

}  // namespace datagen::tools
