#include "tools/datagen/node/network_plan.hpp"

#include "actors/node/toml_file.hpp"

#include <numeric>

namespace datagen::tools {

namespace {

constexpr std::uint32_t count_max = 16;  ///< Of authors and validators together, on one host.

planned_host read_host(const toml::table& table) {
  toml_section x{table, "[[hosts]]"};
  planned_host result{.name = x.required_text("name")};
  result.operated_by = result.name;
  x.text("operator", result.operated_by);
  result.reached = {x.required_text("address"), 9470};
  x.number("port", 1, 65'535, result.reached.port);
  result.listens = {"0.0.0.0", result.reached.port};
  x.text("listen", result.listens.host);
  const auto count = [&](const char* key, std::optional<std::uint32_t>& to) {
    std::uint32_t value = count_max + 1;
    x.number(key, 0, count_max, value);
    if (value <= count_max)
      to = value;
  };
  count("authors", result.authors);
  count("validators", result.validators);
  x.number("routers", 0, 4, result.routers);
  bool gateway = true;
  x.flag("gateway", gateway);
  std::string api = "127.0.0.1:8470";
  x.text("api", api);
  if (gateway) {
    result.api = read_host_port(api);
    if (!result.api)
      x.refuse("api", "'" + api + "' is no address to listen on; it is NUMBER:PORT");
  }
  x.end();
  return result;
}

using count_of = std::optional<std::uint32_t> planned_host::*;

/// What hosts leave open of `total` goes to them in turn.
std::string share_out(network_plan& plan, std::uint32_t total, count_of which, const char* kind) {
  std::uint32_t said = 0;
  std::vector<planned_host*> open;
  for (auto& host : plan) {
    said += (host.*which).value_or(0);
    if (!(host.*which))
      open.push_back(&host);
  }
  if (said > total || (open.empty() && said != total))
    return "the hosts hold " + std::to_string(said) + " " + kind + "s, but there are to be " +
           std::to_string(total);
  for (std::size_t i = 0; i < open.size(); ++i)
    open[i]->*which =
      static_cast<std::uint32_t>((total - said + open.size() - 1 - i) / open.size());
  return {};
}

std::vector<std::uint32_t> next_ids(std::uint32_t& next, std::uint32_t count) {
  std::vector<std::uint32_t> result(count);
  std::iota(result.begin(), result.end(), next);
  next += count;
  return result;
}

}  // namespace

network_plan read_network_plan(const std::string& text) {
  const auto root = parse_toml(text);
  toml_section top{root, "the file"};
  network_plan result;
  for (const auto* table : top.tables("hosts"))
    result.push_back(read_host(*table));
  top.end();
  if (result.empty())
    throw file_failure{{}, "a network needs [[hosts]]"};
  return result;
}

network_plan local_plan(std::uint32_t hosts, std::uint16_t port, std::uint16_t api_port) {
  network_plan result;
  for (std::uint32_t i = 0; i < hosts; ++i) {
    const auto shifted = [i](std::uint16_t base) { return static_cast<std::uint16_t>(base + i); };
    const auto name = "host-" + std::to_string(i);
    result.push_back({.name = name,
                      .operated_by = name,
                      .reached = {"127.0.0.1", shifted(port)},
                      .listens = {"127.0.0.1", shifted(port)},
                      .api = protocol::link::host_port{"127.0.0.1", shifted(api_port)}});
  }
  return result;
}

std::string share_out(network_plan& plan, std::uint32_t authors, std::uint32_t validators) {
  if (auto why = share_out(plan, authors, &planned_host::authors, "author"); !why.empty())
    return why;
  return share_out(plan, validators, &planned_host::validators, "validator");
}

roster roster_of(const network_plan& plan) {
  roster result;
  std::uint32_t author = 0, validator = 0, router = 0, gateway = 0;
  for (const auto& host : plan)
    result.hosts.push_back({.name = host.name,
                            .where = {host.reached},
                            .authors = next_ids(author, host.authors.value()),
                            .validators = next_ids(validator, host.validators.value()),
                            .routers = next_ids(router, host.routers),
                            .gateway = host.api ? std::optional{gateway++} : std::nullopt});
  return result;
}

}  // namespace datagen::tools
