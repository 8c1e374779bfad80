#include "actors/node/roster.hpp"

#include "actors/node/toml_file.hpp"

#include "protocol/crypto/bech32m.hpp"
#include "protocol/link/address_record.hpp"
#include "protocol/link/hello.hpp"

#include <cctype>
#include <charconv>

namespace datagen {

using namespace protocol;

namespace {

constexpr std::size_t hosts_max = 250;  ///< A little less than links of one endpoint.
constexpr std::size_t name_bytes_max = 32;
/// Enough for host names and for numeric addresses of either kind.
bool is_host(std::string_view x, bool in_brackets) {
  return !x.empty() && x.size() <= protocol::link::host_bytes_max &&
         std::all_of(x.begin(), x.end(), [in_brackets](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '-' || (in_brackets && c == ':');
         });
}

constexpr std::uint32_t ids_max = 1'000'000;

bool is_name(const std::string& x) {
  return !x.empty() && x.size() <= name_bytes_max && std::all_of(x.begin(), x.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

public_key read_key(toml_section& x) {
  const auto key = from_address(x.required_text("key"));
  if (!key)
    x.refuse("key", "key must be an address as `datagen keys list` prints it: dg1…");
  return *key;
}

joined_identity read_joined(const toml::table& table) {
  toml_section x{table, "[[hosts.joined]]"};
  std::uint32_t validator = ids_max, author = ids_max;
  x.number("validator", 0, ids_max - 1, validator);
  x.number("author", 0, ids_max - 1, author);
  const auto key = read_key(x);
  x.end();
  if ((validator == ids_max) == (author == ids_max))
    throw file_failure{position_of(table.source()),
                       "[[hosts.joined]] is one validator = ID, or one author = ID, and its key"};
  return author == ids_max ? joined_identity{role::validator, validator, key}
                           : joined_identity{role::heavy_author, author, key};
}

roster_host read_host(const toml::table& table) {
  toml_section x{table, "[[hosts]]"};
  roster_host result;
  result.name = x.required_text("name");
  if (!is_name(result.name))
    x.refuse("name", "a host's name is 1 to 32 of a-z, 0-9 and '-'");
  result.key = read_key(x);
  for (const auto& text : x.texts("address")) {
    const auto place = read_host_port(text);
    if (!place)
      x.refuse("address", "'" + text + "' is no address; it is HOST:PORT, or [IPv6]:PORT");
    result.where.push_back(*place);
  }
  if (result.where.empty() || result.where.size() > protocol::link::record_addresses_max)
    throw file_failure{position_of(table.source()),
                       "[[hosts]] must say address = [\"HOST:PORT\"], with one to four of them"};
  result.authors = x.numbers("authors", ids_max);
  result.validators = x.numbers("validators", ids_max);
  result.routers = x.numbers("routers", ids_max);
  std::uint32_t gateway = ids_max;
  x.number("gateway", 0, ids_max - 1, gateway);
  if (gateway != ids_max)
    result.gateway = gateway;
  for (const auto* joined : x.tables("joined"))
    result.joined.push_back(read_joined(*joined));
  x.end();
  return result;
}

std::string list(const std::vector<std::uint32_t>& x) {
  std::string result;
  for (const auto i : x)
    result += (result.empty() ? "" : ", ") + std::to_string(i);
  return "[" + result + "]";
}

/// Each of `kind` 0 … `count` - 1 stands in `ids` once.
std::string check_ids(const std::string& kind, std::vector<std::uint32_t> ids, std::size_t count) {
  std::sort(ids.begin(), ids.end());
  for (std::uint32_t i = 0; i < std::max(ids.size(), count); ++i) {
    if (i >= ids.size() || ids[i] > i)
      return kind + " " + std::to_string(i) + " lives on no host";
    if (ids[i] < i)
      return kind + " " + std::to_string(ids[i]) + " lives on two hosts";
    if (i >= count)
      return "genesis has no " + kind + " " + std::to_string(i) + ", only " + std::to_string(count);
  }
  return {};
}

template <class Ids>
std::vector<std::uint32_t> gathered(const roster& x, Ids ids) {
  std::vector<std::uint32_t> result;
  for (const auto& host : x.hosts)
    for (const auto i : ids(host))
      result.push_back(i);
  return result;
}

std::string check_hosts(const roster& x) {
  std::set<std::string> names;
  std::set<public_key> keys;
  for (const auto& host : x.hosts) {
    if (!names.insert(host.name).second)
      return "two hosts are named '" + host.name + "'";
    if (!keys.insert(host.key).second)
      return "host '" + host.name + "' has the key of another host";
    if (host.authors.size() + host.validators.size() + host.joined.size() >
        protocol::link::hello_proofs_max)
      return "host '" + host.name + "' holds more than " +
             std::to_string(protocol::link::hello_proofs_max) +
             " authors and validators; spread them over more hosts";
  }
  return {};
}

/// Who joined has an id behind genesis', a place of its own and a key of its own.
std::string check_joined(const roster& x, const genesis& chain) {
  std::set<std::pair<role, std::uint32_t>> ids;
  std::set<public_key> keys;
  for (const auto& host : x.hosts)
    for (const auto& one : host.joined) {
      const bool author = one.kind == role::heavy_author;
      const auto name = std::string{author ? "author " : "validator "} + std::to_string(one.id);
      const auto known = author ? chain.heavy_authors.size() : chain.validators.size();
      if (one.id < known)
        return name + " is one of genesis: it belongs into " +
               (author ? "authors" : "validators") + ", without a key";
      if (!ids.emplace(one.kind, one.id).second)
        return name + " lives on two hosts";
      if (!keys.insert(one.key).second)
        return name + " has the key of another one that joined";
    }
  return {};
}

std::string joined_toml(const joined_identity& x) {
  return std::string{"[[hosts.joined]]\n"} +
         (x.kind == role::heavy_author ? "author = " : "validator = ") + std::to_string(x.id) +
         "\nkey = \"" + to_address(x.key) + "\"\n";
}

}  // namespace

const roster_host* roster::find(const std::string& name) const {
  const auto found =
    std::find_if(hosts.begin(), hosts.end(), [&](const roster_host& x) { return x.name == name; });
  return found == hosts.end() ? nullptr : &*found;
}

std::uint32_t roster::routers() const {
  std::size_t result = 0;
  for (const auto& host : hosts)
    result += host.routers.size();
  return static_cast<std::uint32_t>(result);
}

std::optional<protocol::link::host_port> read_host_port(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  auto host = text.substr(0, colon);
  const bool in_brackets = host.starts_with('[') && host.ends_with(']');
  if (in_brackets)
    host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
  if (error != std::errc{} || stop != end || port == 0 || !is_host(host, in_brackets))
    return std::nullopt;
  return protocol::link::host_port{std::string{host}, port};
}

std::string to_string(const protocol::link::host_port& x) {
  const bool v6 = x.host.find(':') != std::string::npos;
  return (v6 ? "[" + x.host + "]" : x.host) + ":" + std::to_string(x.port);
}

roster read_roster(const std::string& text) {
  const auto root = parse_toml(text);
  toml_section top{root, "the file"};
  const auto tables = top.tables("hosts");
  top.end();
  if (tables.empty() || tables.size() > hosts_max)
    throw file_failure{{}, "a network has 1 to " + std::to_string(hosts_max) + " [[hosts]]"};
  roster result;
  for (const auto* table : tables)
    result.hosts.push_back(read_host(*table));
  return result;
}

std::string to_toml(const roster_host& host) {
  std::string where;
  for (const auto& place : host.where)
    where += (where.empty() ? "\"" : ", \"") + to_string(place) + "\"";
  auto result = "[[hosts]]\nname = \"" + host.name + "\"\nkey = \"" + to_address(host.key) +
                "\"\naddress = [" + where + "]\n";
  if (!host.authors.empty())
    result += "authors = " + list(host.authors) + "\n";
  if (!host.validators.empty())
    result += "validators = " + list(host.validators) + "\n";
  if (!host.routers.empty())
    result += "routers = " + list(host.routers) + "\n";
  if (host.gateway)
    result += "gateway = " + std::to_string(*host.gateway) + "\n";
  for (const auto& one : host.joined)
    result += joined_toml(one);
  return result;
}

std::string to_toml(const roster& x) {
  std::string result;
  for (const auto& host : x.hosts)
    result += to_toml(host) + "\n";
  return result;
}

std::string check(const roster& x, const genesis& chain) {
  if (auto why = check_hosts(x); !why.empty())
    return why;
  const auto authors = gathered(x, [](const roster_host& h) { return h.authors; });
  if (auto why = check_ids("author", authors, chain.heavy_authors.size()); !why.empty())
    return why;
  const auto validators = gathered(x, [](const roster_host& h) { return h.validators; });
  if (auto why = check_ids("validator", validators, chain.validators.size()); !why.empty())
    return why;
  if (auto why = check_joined(x, chain); !why.empty())
    return why;
  const auto routers = gathered(x, [](const roster_host& h) { return h.routers; });
  if (auto why = check_ids("router", routers, routers.size()); !why.empty())
    return why;
  const auto gateways = gathered(x, [](const roster_host& h) {
    return h.gateway ? std::vector{*h.gateway} : std::vector<std::uint32_t>{};
  });
  if (auto why = check_ids("gateway", gateways, gateways.size()); !why.empty())
    return why;
  return routers.empty() ? "the network has no router: users could not reach anybody"
                         : std::string{};
}

std::map<std::uint32_t, public_key> identities_of(const roster_host& x, role kind,
                                                  const genesis& chain) {
  std::map<std::uint32_t, public_key> result;
  if (kind == role::heavy_author)
    for (const auto i : x.authors)
      result[i] = chain.heavy_authors.at(i).key;
  else
    for (const auto i : x.validators)
      result[i] = chain.validators.at(i).key;
  for (const auto& one : x.joined)
    if (one.kind == kind)
      result[one.id] = one.key;
  return result;
}

link_peer neighbour(const roster_host& x, const genesis& chain) {
  link_peer result{.name = x.name, .main = {x.key, {}}, .also = {}, .where = x.where};
  for (const auto i : x.routers)
    result.main.roles.push_back({role::router, i});
  if (x.gateway)
    result.main.roles.push_back({role::gateway, *x.gateway});
  for (const auto& [i, key] : identities_of(x, role::heavy_author, chain))
    result.also.push_back({key, {{role::heavy_author, i}, {role::selector, i}}});
  for (const auto& [i, key] : identities_of(x, role::validator, chain))
    result.also.push_back(
      {key, {{role::validator, i}, {role::cross_checker, i}, {role::fast_author, i}}});
  return result;
}

std::vector<link_peer> neighbours(const roster& x, const genesis& chain, const std::string& own) {
  std::vector<link_peer> result;
  for (const auto& host : x.hosts)
    if (host.name != own)
      result.push_back(neighbour(host, chain));
  return result;
}

}  // namespace datagen
