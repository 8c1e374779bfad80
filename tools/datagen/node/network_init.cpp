// `datagen network init`: genesis, keys and one directory per host of a new network.

#include "tools/datagen/api_client.hpp"
#include "tools/datagen/coin_file.hpp"
#include "tools/datagen/commands.hpp"
#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/failure.hpp"
#include "tools/datagen/key_file.hpp"
#include "tools/datagen/long_running.hpp"
#include "tools/datagen/new_file.hpp"
#include "tools/datagen/node/deployment.hpp"
#include "tools/datagen/node/first_start.hpp"
#include "tools/datagen/node/host_keys.hpp"
#include "tools/datagen/node/secret_writer.hpp"

#include "actors/node/development.hpp"
#include "actors/node/toml_file.hpp"

#include "protocol/chain/committees.hpp"
#include "protocol/chain/development.hpp"
#include "protocol/crypto/bech32m.hpp"
#include "protocol/ledger/genesis_state.hpp"

#include <cstring>
#include <filesystem>
#include <iostream>

namespace datagen::tools {

using namespace protocol;
namespace files = std::filesystem;

namespace {

constexpr std::size_t plan_bytes_max = std::size_t{1} << 20;

struct init_options {
  std::string name = "datagen";
  std::string hosts_file;
  std::uint32_t local = 0;
  std::uint16_t port = 9470;
  std::uint16_t api_port = 8470;
  std::uint32_t authors = 4;
  std::uint32_t validators = 7;
  std::string preset = "default";
  std::string stake = "10000";
  std::vector<std::string> accounts;
  std::string out;
  std::string passphrase_file;
  bool development = false;
};

/// All secrets of the network, until they are written.
struct network_secrets {
  std::vector<key_pair> hosts;
  std::vector<key_pair> authors;
  std::vector<key_pair> validators;
  coin_dealing heavy_coin;
  coin_dealing fast_coin;
  std::optional<key_pair> treasury;  ///< Where the maker names no account.
};

key_pair fresh_key() { return key_pair::from_secret(random_bytes<secret_key>()); }

coin_dealing fresh_coin(std::size_t authors) {
  auto seed = random_bytes<digest>();
  auto result = deal(*openssl_coin_group(), static_cast<std::uint16_t>(authors),
                     static_cast<std::uint16_t>(authors - (authors - 1) / 3), seed);
  ::explicit_bzero(seed.value.data(), seed.value.size());
  return result;
}

amount read_amount(const std::string& text, const char* option) {
  const auto result = amount_from_text(text);
  if (!result)
    throw failure(exit_usage, std::string{option} + ": '" + text + "' is no amount in DG");
  return *result;
}

network_plan plan_of(const init_options& options) {
  network_plan plan;
  if (options.hosts_file.empty()) {
    plan = local_plan(options.local, options.port, options.api_port);
  } else {
    try {
      plan = read_network_plan(load_file(options.hosts_file, plan_bytes_max));
    } catch (const file_failure& x) {
      throw failure(exit_configuration, explain(options.hosts_file, x));
    }
  }
  if (const auto why = share_out(plan, options.authors, options.validators); !why.empty())
    throw failure(exit_configuration, why);
  return plan;
}

/// Ids of operators by validator. On a development chain every validator is one of its own, so that
/// a few hosts are enough to check each other.
std::vector<std::uint32_t> operators_of(const init_options& options, const network_plan& plan,
                                        const parameters& params) {
  std::vector<std::uint32_t> result;
  std::map<std::string, std::uint32_t> ids;
  for (const auto& host : plan)
    for (std::uint32_t i = 0; i < *host.validators; ++i)
      result.push_back(options.development
                         ? static_cast<std::uint32_t>(result.size())
                         : ids.emplace(host.operated_by, ids.size()).first->second);
  if (!options.development && ids.size() < params.checkers + 1)
    throw failure(exit_configuration,
                  "the validators have " + std::to_string(ids.size()) +
                    " operators, but a job of "
                    "one is checked by validators of " +
                    std::to_string(params.checkers) + " others: name at least " +
                    std::to_string(params.checkers + 1) +
                    " in the hosts' file (operator = \"…\"), or make a --development chain");
  return result;
}

void add_accounts(const init_options& options, network_secrets& secrets, genesis& x) {
  for (const auto& text : options.accounts) {
    const auto equals = text.find('=');
    const auto account = from_address(text.substr(0, equals));
    if (!account || equals == std::string::npos)
      throw failure(exit_usage, "--account: '" + text + "' is not ADDRESS=DG");
    x.accounts[*account] = read_amount(text.substr(equals + 1), "--account");
  }
  if (options.development)
    for (std::uint32_t i = 0; i < 10; ++i)
      x.accounts[development_key(development_kind::account, i).identity] = dg(100'000);
  else if (options.accounts.empty()) {
    secrets.treasury = fresh_key();
    x.accounts[secrets.treasury->identity] = dg(1'000'000);
  }
}

genesis genesis_of(const init_options& options, const network_plan& plan,
                   network_secrets& secrets) {
  genesis x{.name = options.name, .development = options.development, .time_ms = unix_ms()};
  const auto params = preset_by_name(options.preset);
  if (!params)
    throw failure(exit_usage,
                  "unknown preset '" + options.preset + "'; there are whitepaper, default and dev");
  x.params = *params;
  x.params.emission_start_unix = x.time_ms / 1000;
  const auto stake = read_amount(options.stake, "--stake");
  for (std::uint32_t i = 0; i < options.authors; ++i) {
    secrets.authors.push_back(fresh_key());
    x.heavy_authors.push_back({secrets.authors.back().identity, stake});
  }
  const auto operators = operators_of(options, plan, *params);
  for (std::uint32_t i = 0; i < options.validators; ++i) {
    secrets.validators.push_back(fresh_key());
    x.validators.push_back({.key = secrets.validators.back().identity,
                            .operator_id = operators[i],
                            .stake = stake,
                            .ask = development_options{}.ask,
                            .name = "validator-" + std::to_string(i)});
  }
  for (const auto& author : x.heavy_authors)
    x.accounts[author.key] = genesis_purse;
  for (const auto& validator : x.validators)
    x.accounts[validator.key] = genesis_purse;
  add_accounts(options, secrets, x);
  x.kernels = shipped_kernels();
  secrets.heavy_coin = fresh_coin(x.heavy_authors.size());
  secrets.fast_coin = fresh_coin(fast_committee_size(x));
  x.heavy_coin = secrets.heavy_coin.keys;
  x.fast_coin = secrets.fast_coin.keys;
  if (const auto refused = ledger::check(x); !refused.ok())
    throw failure(exit_configuration, refused.reason);
  return x;
}

void write_keys(const files::path& directory, const roster_host& host, const key_pair& own,
                const network_secrets& all, const secret_writer& writer) {
  writer.key(directory / "host.json", own);
  for (const auto i : host.authors) {
    writer.key(directory / key_name(role::heavy_author, i), all.authors.at(i));
    writer.share(directory / coin_name(role::heavy_author, i), all.heavy_coin, i);
  }
  for (const auto i : host.validators) {
    writer.key(directory / key_name(role::validator, i), all.validators.at(i));
    if (i < all.fast_coin.secrets.size())
      writer.share(directory / coin_name(role::validator, i), all.fast_coin, i);
  }
}

exit_code init_network(const init_options& options) {
  if (options.hosts_file.empty() == (options.local == 0))
    return fail(exit_usage, "give --hosts FILE, or --local N for N hosts on this machine");
  const files::path out = options.out;
  if (files::exists(out / "genesis.bin"))
    return fail(exit_failed, out.string() + " holds a network already; nothing is overwritten");
  const auto plan = plan_of(options);
  network_secrets secrets;
  const auto chain = genesis_of(options, plan, secrets);
  auto network = roster_of(plan);
  for (auto& host : network.hosts) {
    secrets.hosts.push_back(fresh_key());
    host.key = secrets.hosts.back().identity;
  }
  if (const auto why = check(network, chain); !why.empty())
    return fail(exit_configuration, why);
  std::optional<std::string> passphrase = "";
  if (!options.development)
    passphrase = ask_passphrase(options.passphrase_file, true);
  if (!passphrase)
    return exit_usage;

  const secret_writer writer{options.development, *passphrase};
  const auto raw = encode(chain);
  const std::string_view genesis_bytes{reinterpret_cast<const char*>(raw.data()), raw.size()};
  const auto roster_text = "# Who lives where; the same file on every host.\n\n" + to_toml(network);
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const auto home = out / "hosts" / plan[i].name;
    write_keys(home / "keys", network.hosts[i], secrets.hosts[i], secrets, writer);
    mark_first_start(home / "data");
    write_durably(home / "genesis.bin", genesis_bytes);
    write_durably(home / "network.toml", roster_text);
    write_durably(home / "node.toml", node_file(plan[i]));
    write_durably(home / "datagen.service", systemd_unit(plan[i]));
  }
  if (secrets.treasury)
    writer.key(out / "accounts" / "treasury.json", *secrets.treasury);
  write_durably(out / "network.toml", roster_text);
  write_durably(out / "compose.yaml", compose_file(plan));
  write_durably(out / "prometheus.yml", prometheus_file(plan));
  write_durably(out / "genesis.bin", genesis_bytes);  // the last: with it the network is whole

  std::vector<std::pair<std::string, std::string>> rows{
    {"genesis", to_hex(digest_of(chain))},
    {"network", out.string() + ": " + std::to_string(plan.size()) + " hosts, " +
                  std::to_string(options.authors) + " authors, " +
                  std::to_string(options.validators) + " validators"}};
  if (secrets.treasury)
    rows.emplace_back("treasury", to_address(secrets.treasury->identity) + ", " +
                                    (out / "accounts" / "treasury.json").string());
  rows.emplace_back(
    "next", "datagen node --config " + (out / "hosts" / plan.front().name / "node.toml").string());
  print_table(rows);
  std::cerr
    << (options.development
          ? "warning: keys are not encrypted; a development chain carries no value\n"
          : "Give each operator its own directory over a safe channel, then delete it here: "
            "whoever\nholds enough of them holds the network.\n");
  return exit_ok;
}

}  // namespace

void add_network(CLI::App& program, action& run) {
  auto* command = program.add_subcommand("network", "Make a network of several hosts");
  command->require_subcommand(1);
  add_network_join(*command, run);
  const auto x = std::make_shared<init_options>();
  auto* init = command->add_subcommand("init", "Genesis, keys and one directory per host");
  init->add_option("--out", x->out, "Where the files go")->required();
  init->add_option("--hosts", x->hosts_file, "TOML with [[hosts]]; deploy/hosts.md has one");
  init->add_option("--local", x->local, "Or so many hosts on this machine")
    ->check(CLI::Range(1, 64));
  init->add_option("--port", x->port, "First port of their links");
  init->add_option("--api-port", x->api_port, "First port of their APIs");
  init->add_option("--authors", x->authors, "Authors of the Heavy Chain")->check(CLI::Range(4, 64));
  init->add_option("--validators", x->validators, "Compute validators")->check(CLI::Range(4, 1000));
  init->add_option("--name", x->name, "Of the chain");
  init->add_option("--preset", x->preset, "Parameters: whitepaper, default or dev");
  init->add_option("--stake", x->stake, "Of each author and validator, DG");
  init->add_option("--account", x->accounts,
                   "ADDRESS=DG, an account that holds money at genesis; repeat it for more. None: "
                   "a treasury is made");
  init->add_option("--passphrase-file", x->passphrase_file,
                   "Its first line seals the keys; else DATAGEN_PASSPHRASE, else asked");
  init->add_flag("--development", x->development,
                 "Keys in plain files, publicly known accounts: for trying things out");
  init->callback([x, &run] { run = [x] { return init_network(*x); }; });
}

}  // namespace datagen::tools
