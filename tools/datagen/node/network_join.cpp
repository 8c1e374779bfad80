// `datagen network join`: the directory of one more host for a network that runs already.

#include "tools/datagen/api_client.hpp"
#include "tools/datagen/commands.hpp"
#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/failure.hpp"
#include "tools/datagen/network.hpp"
#include "tools/datagen/new_file.hpp"
#include "tools/datagen/node/deployment.hpp"
#include "tools/datagen/node/first_start.hpp"
#include "tools/datagen/node/host_keys.hpp"
#include "tools/datagen/node/secret_writer.hpp"

#include "actors/node/toml_file.hpp"

#include "protocol/crypto/bech32m.hpp"

#include <charconv>
#include <iostream>

namespace datagen::tools {

using namespace protocol;
namespace files = std::filesystem;

namespace {

constexpr std::size_t roster_bytes_max = std::size_t{1} << 20;

struct join_options {
  std::string network;
  std::string genesis;
  std::string name;
  std::string address;
  std::string listen;
  std::string api;
  bool routes = false;
  std::vector<std::string> validators;
  std::vector<std::string> authors;
  std::string out;
  std::string passphrase_file;
};

/// An identity that the Heavy Chain has given an id, and its key.
struct newcomer {
  role kind = role::validator;
  std::uint32_t id = 0;
  key_pair key;
};

protocol::link::host_port place(const char* option, const std::string& text) {
  if (const auto found = read_host_port(text))
    return *found;
  throw failure(exit_usage, std::string{option} + " '" + text + "' is no HOST:PORT");
}

roster read_network(const std::string& path) {
  try {
    return read_roster(load_file(path, roster_bytes_max));
  } catch (const file_failure& x) {
    throw failure(exit_configuration, explain(path, x));
  }
}

/// "7=key.json" with its key opened.
newcomer read_newcomer(role kind, const std::string& text, const std::string& passphrase,
                       bool plain_allowed) {
  const auto equals = text.find('=');
  newcomer result{.kind = kind};
  const auto* end = text.data() + std::min(equals, text.size());
  const auto [stop, error] = std::from_chars(text.data(), end, result.id);
  if (equals == std::string::npos || error != std::errc{} || stop != end)
    throw failure(exit_usage, "'" + text + "' is not ID=KEYFILE, e.g. 7=key.json");
  const auto path = text.substr(equals + 1);
  const auto file = parse_key_file(load_file(path, key_file_bytes_max));
  if (const auto* why = std::get_if<std::string>(&file))
    throw failure(exit_bad_input, path + " is no key file: " + *why);
  const auto& sealed = std::get<key_file>(file);
  if (!sealed.encrypted() && !plain_allowed)
    throw failure(exit_configuration, path + " is not encrypted; only a development chain allows that");
  const auto key = unlock(sealed, passphrase);
  if (!key)
    throw failure(exit_permission, "the passphrase does not open " + path);
  result.key = *key;
  return result;
}

roster_host host_of(const join_options& x, const roster& network, const public_key& key,
                    const std::vector<newcomer>& who) {
  roster_host result{.name = x.name, .key = key, .where = {place("--address", x.address)}};
  if (x.routes)
    result.routers = {network.routers()};
  if (!x.api.empty())
    result.gateway = static_cast<std::uint32_t>(
      std::count_if(network.hosts.begin(), network.hosts.end(),
                    [](const roster_host& host) { return host.gateway.has_value(); }));
  for (const auto& one : who)
    result.joined.push_back({one.kind, one.id, one.key.identity});
  return result;
}

/// What `node_file` and `systemd_unit` need of it.
planned_host plan_of(const join_options& x) {
  planned_host result{.name = x.name, .operated_by = x.name, .reached = place("--address", x.address)};
  result.listens = x.listen.empty() ? protocol::link::host_port{"0.0.0.0", result.reached.port}
                                    : place("--listen", x.listen);
  if (!x.api.empty())
    result.api = place("--api", x.api);
  return result;
}

exit_code join_network(const join_options& x) {
  const files::path out = x.out;
  if (files::exists(out / "node.toml"))
    return fail(exit_failed, out.string() + " holds a host already; nothing is overwritten");
  const auto chain = load_genesis(x.genesis);
  auto network = read_network(x.network);
  if (const auto why = check(network, chain); !why.empty())
    return fail(exit_configuration, x.network + ": " + why);
  const auto plan = plan_of(x);
  const bool asks = !chain.development;
  const auto passphrase =
    asks ? ask_passphrase(x.passphrase_file, true) : std::optional{std::string{}};
  if (!passphrase)
    return exit_usage;
  std::vector<newcomer> who;
  for (const auto& text : x.validators)
    who.push_back(read_newcomer(role::validator, text, *passphrase, chain.development));
  for (const auto& text : x.authors)
    who.push_back(read_newcomer(role::heavy_author, text, *passphrase, chain.development));
  const auto key = key_pair::from_secret(random_bytes<secret_key>());
  const auto host = host_of(x, network, key.identity, who);
  network.hosts.push_back(host);
  if (const auto why = check(network, chain); !why.empty())
    return fail(exit_configuration, why);

  const secret_writer writer{chain.development, *passphrase};
  mark_first_start(out / "data");
  writer.key(out / "keys" / "host.json", key);
  for (const auto& one : who)
    writer.key(out / "keys" / key_name(one.kind, one.id), one.key);
  const auto raw = encode(chain);
  write_durably(out / "genesis.bin", {reinterpret_cast<const char*>(raw.data()), raw.size()});
  write_durably(out / "network.toml", "# Who lives where; the same file on every host.\n\n" + to_toml(network));
  write_durably(out / "host.toml", to_toml(host));
  write_durably(out / "datagen.service", systemd_unit(plan));
  write_durably(out / "node.toml", node_file(plan));  // the last: with it the host is whole
  print_table({{"host", x.name + ", key " + to_address(key.identity)},
               {"for the others", (out / "host.toml").string() +
                                    ": append it to network.toml, then `systemctl reload datagen`"},
               {"next", "datagen node --config " + (out / "node.toml").string()}});
  return exit_ok;
}

}  // namespace

void add_network_join(CLI::App& network, action& run) {
  const auto x = std::make_shared<join_options>();
  auto* join = network.add_subcommand("join", "One more host for a network that runs already");
  join->add_option("--network", x->network, "Its network.toml, which is public")->required();
  join->add_option("--genesis", x->genesis, "Its genesis.bin, which is public")->required();
  join->add_option("--name", x->name, "Of the host: a-z, 0-9 and '-'")->required();
  join->add_option("--address", x->address, "HOST:PORT by which others reach its links")->required();
  join->add_option("--listen", x->listen, "NUMBER:PORT of its links; left out: every address");
  join->add_option("--api", x->api, "NUMBER:PORT of a gateway; left out: it has none");
  join->add_flag("--router", x->routes, "It has a router for users near it");
  join->add_option("--validator", x->validators,
                   "ID=KEYFILE of one that has joined (`datagen validator join` prints the id)");
  join->add_option("--author", x->authors, "ID=KEYFILE of one that stands for election");
  join->add_option("--out", x->out, "Where the host's files go")->required();
  join->add_option("--passphrase-file", x->passphrase_file,
                   "Its first line opens and seals the keys; else DATAGEN_PASSPHRASE, else asked");
  join->callback([x, &run] { run = [x] { return join_network(*x); }; });
}

}  // namespace datagen::tools
