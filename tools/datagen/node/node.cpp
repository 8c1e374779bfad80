// `datagen node`: the roles of one host, linked to those of the others.

#include "tools/datagen/api_client.hpp"
#include "tools/datagen/commands.hpp"
#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/failure.hpp"
#include "tools/datagen/long_running.hpp"
#include "tools/datagen/network.hpp"
#include "tools/datagen/new_file.hpp"
#include "tools/datagen/node/first_start.hpp"
#include "tools/datagen/node/host_keys.hpp"
#include "tools/datagen/node/link_series.hpp"
#include "tools/datagen/served_api.hpp"

#include "actors/inside_link.hpp"
#include "actors/node/host_config.hpp"
#include "actors/node/toml_file.hpp"

#include "protocol/crypto/bech32m.hpp"
#include "protocol/ledger/genesis_state.hpp"

#include "commit.hpp"

#include <iomanip>
#include <iostream>
#include <sstream>

namespace datagen::tools {

using namespace protocol;

namespace {

constexpr std::size_t host_file_bytes_max = std::size_t{1} << 20;

struct node_options {
  std::string config_file;
  std::string passphrase_file;
  std::string ready_file;
  bool check = false;
};

/// Everything that a host is told, read and checked.
struct host_setup {
  host_config config;
  genesis chain;
  roster network;
  roster_host own;
};

/// What `read` makes of the file at `path`; throws `failure` with the place of a mistake.
template <class Read>
auto read_toml(const std::string& path, Read read) {
  try {
    return read(load_file(path, host_file_bytes_max));
  } catch (const file_failure& x) {
    throw failure(exit_configuration, explain(path, x));
  }
}

host_setup read_setup(const std::string& path) {
  host_setup x;
  x.config = read_toml(path, [&](const std::string& text) {
    return read_host_config(text, std::filesystem::path{path}.parent_path());
  });
  x.chain = load_genesis(x.config.genesis.string());
  if (const auto refused = ledger::check(x.chain); !refused.ok())
    throw failure(exit_configuration, x.config.genesis.string() + ": " + refused.reason);
  const auto network = x.config.network.string();
  x.network = read_toml(network, read_roster);
  if (const auto why = check(x.network, x.chain); !why.empty())
    throw failure(exit_configuration, network + ": " + why);
  const auto* own = x.network.find(x.config.host);
  if (!own)
    throw failure(exit_configuration,
                  path + ": " + network + " knows no host '" + x.config.host + "'");
  x.own = *own;
  if (x.own.gateway.has_value() != x.config.api.has_value())
    throw failure(exit_configuration,
                  path + (x.own.gateway ? ": this host has a gateway, so it needs [api]"
                                        : ": this host has no gateway, so it can have no [api]"));
  return x;
}

/// One line on stderr, with the time.
void log(const std::string& sentence) {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::ostringstream line;
  line << std::put_time(&utc, "%FT%TZ ") << sentence << '\n';
  std::cerr << line.str() << std::flush;
}

link_transport_config links_of(const host_setup& x, const host_keys& keys) {
  link_transport_config result{.unix_ms = unix_ms(),
                               .own = {.key = keys.host,
                                       .genesis = digest_of(x.chain),
                                       .heavy = heavy_chain_id(x.chain),
                                       .fast = fast_chain_id(x.chain),
                                       .life = {unix_ms(), random_bytes<digest>()},
                                       .seed = unix_ms(),
                                       .address = x.config.links.host,
                                       .port = x.config.links.port},
                               .others = neighbours(x.network, x.chain, x.own.name)};
  for (const auto& [i, key] : keys.hosted.authors)
    result.own.also.push_back(key);
  for (const auto& [i, key] : keys.hosted.validators)
    result.own.also.push_back(key);
  result.changed = [](const link_peer& other, std::optional<protocol::link::refusal> why) {
    log("link to " + other.name +
        (why ? " is down (" + std::string{to_string(*why)} + ")" : std::string{" is up"}));
  };
  return result;
}

std::vector<far_lane_config> lenders_of(const host_config& x) {
  std::vector<far_lane_config> result;
  for (const auto& where : x.workers)
    result.push_back({.where = {where.host, where.port}});
  return result;
}

void print_banner(const host_setup& x, const kernels::registry& kernels, std::uint16_t port,
                  const std::string& api) {
  const auto ids = [](const char* one, const std::vector<std::uint32_t>& all) {
    std::string result;
    for (const auto i : all)
      result += (result.empty() ? std::string{one} + " " : ", ") + std::to_string(i);
    return result.empty() ? result : "  " + result;
  };
  const auto hosted = [&x](role kind) {
    std::vector<std::uint32_t> result;
    for (const auto& [i, key] : identities_of(x.own, kind, x.chain))
      result.push_back(i);
    return result;
  };
  std::cout << "Datagen " DATAGEN_VERSION " (" DATAGEN_COMMIT ")  host " << x.own.name << " of "
            << x.network.hosts.size() << "\n"
            << "  genesis      " << to_hex(digest_of(x.chain)) << "  '" << x.chain.name << "'"
            << (x.chain.development ? ", development chain\n" : "\n") << "  roles      "
            << ids("author", hosted(role::heavy_author)) << ids("validator", hosted(role::validator))
            << ids("router", x.own.routers)
            << (x.own.gateway ? ids("gateway", {*x.own.gateway}) : "") << "\n"
            << "  links        " << x.config.links.host << " port " << port << ", key "
            << to_address(x.own.key) << "\n";
  if (!api.empty())
    std::cout << "  API          " << api << "\n";
  std::cout << "  data         " << x.config.data.string() << "\n";
  for (const auto& device : kernels.devices())
    std::cout << "  " << std::left << std::setw(13) << device.backend << device.name << std::right
              << "\n";
  for (const auto& where : x.config.workers)
    std::cout << "  worker       " << to_string(where) << "\n";
}

/// Hosts that have joined are linked from now on, and new addresses tried; for everything else the host
/// has to start again. Bad files change nothing.
void read_again(host_setup& x, link_transport& seam) {
  const auto path = x.config.network.string();
  roster next;
  try {
    next = read_toml(path, read_roster);
  } catch (const failure& why) {
    return log("not read again: " + std::string{why.what()});
  }
  if (const auto why = check(next, x.chain); !why.empty())
    return log("not read again: " + path + ": " + why);
  std::size_t fresh = 0, moved = 0;
  for (const auto& host : next.hosts) {
    const auto* known = x.network.find(host.name);
    if (host.name == x.own.name || (known && to_toml(*known) == to_toml(host)))
      continue;
    const bool only_moved = known && known->key == host.key;
    (only_moved ? moved : fresh) += 1;
    seam.add(neighbour(host, x.chain));
  }
  x.network = std::move(next);
  log("read " + path + " again: " + std::to_string(fresh) + " new hosts, " + std::to_string(moved) +
      " with other lines; roles of known hosts change with the next start");
}

exit_code run_node(const node_options& options) {
  const auto started = std::chrono::steady_clock::now();
  auto setup = read_setup(options.config_file);
  check_databases(setup.config.data, setup.own);
  auto keys = load_host_keys(setup.config.keys, setup.own, setup.chain, options.passphrase_file);
  if (options.check) {
    std::cout << "host " << setup.own.name << ": configuration and keys are good\n";
    return exit_ok;
  }
  signal_watch signals{true};
  threaded_config system_config;
  if (!setup.config.workers.empty())
    system_config.link_inside(setup.config.inside_keys);
  caf::actor_system system{system_config};
  const connecting_end links_end{system};
  const auto seam = std::make_shared<link_transport>(system, links_of(setup, keys));
  cluster_config config{.chain = setup.chain,
                        .hosted = std::move(keys.hosted),
                        .data_dir = setup.config.data.string(),
                        .routers = setup.network.routers(),
                        .kernel_lanes = setup.config.kernel_lanes,
                        .kernel_threads = setup.config.kernel_threads,
                        .kernel_batch = setup.config.kernel_batch,
                        .lenders = lenders_of(setup.config),
                        .entropy = random_bytes<digest>};
  disk_watch disks{signals};
  config.database_died = [&disks](const std::string&, const std::string& why) { disks.died(why); };
  served_api api{config};
  cluster net{system, seam, std::move(config)};
  if (const auto why = net.start(); !why.empty())
    return fail(exit_no_data_directory, why);
  forget_first_start(setup.config.data);
  std::string url;
  if (setup.own.gateway) {
    const auto router = setup.own.routers.empty() ? *setup.own.gateway % setup.network.routers()
                                                  : setup.own.routers.front();
    if (const auto why = api.listen(system, net, seam,
                                    {.self = {role::gateway, *setup.own.gateway},
                                     .router = {role::router, router},
                                     .address = setup.config.api->host,
                                     .port = setup.config.api->port,
                                     .host_series = [seam] { return link_series(*seam); },
                                     .host_trouble = [&disks] { return disks.trouble(); }}))
      return fail(exit_unavailable, *why);
    url = "http://" + to_string(protocol::link::host_port{setup.config.api->host, api.port()});
  }
  if (const auto why = seam->open(); !why.empty())
    return fail(exit_unavailable, why);
  const auto ready_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                          std::chrono::steady_clock::now() - started)
                          .count();
  print_banner(setup, net.kernels(), seam->port(), url);
  std::cout << "Ready in " << ready_ms << " ms" << std::endl;
  if (!options.ready_file.empty())
    write_durably(options.ready_file,
                  "{\"ready_ms\":" + std::to_string(ready_ms) + ",\"api\":\"" + url + "\"}\n");
  while (signals.next() == signal_watch::wish::reload)
    read_again(setup, *seam);
  const auto code = disks.verdict();
  log("stopping");
  api.stop();
  net.stop();
  seam->close();
  return code;
}

}  // namespace

void add_node(CLI::App& program, action& run) {
  auto options = std::make_shared<node_options>();
  auto* node = program.add_subcommand("node", "The roles of one host, linked to the other hosts.");
  node->add_option("--config", options->config_file, "The host's file, e.g. node.toml")->required();
  node->add_option("--passphrase-file", options->passphrase_file,
                   "Its first line opens the keys; else DATAGEN_PASSPHRASE, else asked");
  node->add_option("--ready-file", options->ready_file, "Written when the host is ready.");
  node->add_flag("--check", options->check, "Check files and keys, start nothing.");
  node->callback([options, &run] { run = [options] { return run_node(*options); }; });
}

}  // namespace datagen::tools
