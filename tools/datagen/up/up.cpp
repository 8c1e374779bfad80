// `datagen up`: the whole local cluster in one process.

#include "tools/datagen/api_client.hpp"
#include "tools/datagen/commands.hpp"
#include "tools/datagen/long_running.hpp"
#include "tools/datagen/new_file.hpp"
#include "tools/datagen/served_api.hpp"
#include "tools/datagen/up/demonstration.hpp"

#include "actors/node/development.hpp"

#include "protocol/chain/committees.hpp"
#include "protocol/chain/development.hpp"
#include "protocol/crypto/bech32m.hpp"

#include "commit.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

namespace datagen::tools {

using namespace protocol;

namespace {

struct up_options {
  std::uint32_t validators = 7;
  std::uint32_t authors = 4;
  std::uint64_t block_ms = 0;
  std::int64_t audit_rate_ppm = -1;
  std::string preset = "dev";
  std::string data_dir;
  std::uint16_t port = 8470;
  std::string ready_file;
  std::string output_dir = ".";
  std::string scene_file = "config/scenes/loggia.toml";
  bool quiet = false;
  bool once = false;
  bool demo = false;
};

/// Validators stand 3, 7, 12, 18, 25, 33, 42 … ms (one way) from the users, authors close by.
std::shared_ptr<places> local_places(const up_options& options) {
  auto where = std::make_shared<places>();
  for (std::uint32_t i = 0; i < options.validators; ++i)
    for (auto kind : {role::validator, role::cross_checker, role::fast_author})
      where->put({kind, i}, 1000 * (3 + i * (7 + i) / 2));
  for (std::uint32_t i = 0; i < options.authors; ++i)
    for (auto kind : {role::heavy_author, role::selector})
      where->put({kind, i}, 1000 * (1 + i));
  where->put({role::router, 0}, 0);
  where->put({role::router, 1}, where->point_us({role::validator, options.validators - 1}));
  where->put({role::gateway, 0}, 0);
  return where;
}

/// The stored genesis of the data directory, or a new one that is stored there first.
struct chosen_genesis {
  std::optional<genesis> chain;
  std::string why;
  exit_code code = exit_ok;
};
chosen_genesis choose_genesis(const up_options& options) {
  const auto file = std::filesystem::path{options.data_dir} / "genesis.bin";
  if (!options.data_dir.empty() && std::filesystem::exists(file)) {
    std::ifstream in{file, std::ios::binary};
    const bytes raw{std::istreambuf_iterator<char>{in}, {}};
    auto chain = decode<genesis>(raw);
    if (!chain)
      return {{}, file.string() + " is not a genesis of this program", exit_bad_input};
    return {std::move(chain), {}};
  }
  auto params = preset_by_name(options.preset);
  if (!params)
    return {{}, "unknown preset '" + options.preset + "'; there are whitepaper, default and dev", exit_usage};
  if (options.audit_rate_ppm >= 0)
    params->audit_rate_ppm = static_cast<std::uint32_t>(options.audit_rate_ppm);
  const auto now = unix_ms();
  if (params->emission_start_unix == 0)
    params->emission_start_unix = now / 1000;
  if (const auto refused = check(*params); refused != parameter_check::ok)
    return {{}, explain(*params, refused), exit_configuration};
  auto chain = development_genesis({.validators = options.validators,
                                    .authors = options.authors,
                                    .time_ms = now,
                                    .params = *params});
  if (!options.data_dir.empty()) {
    std::error_code error;
    std::filesystem::create_directories(options.data_dir, error);
    std::ofstream out{file, std::ios::binary};
    const auto raw = encode(chain);
    out.write(reinterpret_cast<const char*>(raw.data()), static_cast<std::streamsize>(raw.size()));
    if (!out.flush())
      return {{}, "cannot create " + file.string(), exit_no_data_directory};
  }
  return {std::move(chain), {}};
}

void print_banner(const up_options& options, const cluster& net, const std::string& api) {
  const auto& chain = net.chain();
  auto& out = std::cout;
  out << "Datagen " DATAGEN_VERSION " (" DATAGEN_COMMIT ")  local cluster, development mode\n"
      << "  genesis      " << to_hex(digest_of(chain)) << "\n"
      << "  heavy chain  " << to_hex(heavy_chain_id(chain)).substr(0, 24) << "…  "
      << chain.heavy_authors.size() << " authors\n"
      << "  fast chain   " << to_hex(fast_chain_id(chain)).substr(0, 24) << "…  "
      << chain.validators.size() << " validators\n"
      << "  accounts     !!! these keys are publicly known: for development only !!!\n";
  for (std::uint32_t i = 0; i < std::min<std::size_t>(3, chain.accounts.size()); ++i) {
    const auto key = development_key(development_kind::account, i);
    out << "    " << i << "  " << to_address(key.identity) << "  " << to_text(chain.accounts.at(key.identity))
        << "\n       secret " << to_hex(key.secret) << "\n";
  }
  out << "    … " << chain.accounts.size() << " in all\n  validators\n";
  for (std::uint32_t i = 0; i < chain.validators.size(); ++i)
    out << "    " << i << "  " << to_address(chain.validators[i].key) << "  stake "
        << to_text(chain.validators[i].stake) << ", asks " << chain.validators[i].ask
        << "e-9 DG per 1,000 units\n";
  out << "  API          " << api << "\n"
      << "  explorer     " << api << "/\n"
      << "  metrics      " << api << "/metrics\n"
      << "  data         " << (options.data_dir.empty() ? "in-memory" : options.data_dir) << "\n";
  for (const auto& device : net.kernels().devices())
    if (device.backend == "cuda")
      out << "  GPU          " << device.name << "\n";
  if (net.kernels().devices().empty() || net.kernels().devices().front().backend != "cuda")
    out << "  GPU          none (CPU kernels)\n";
}

std::uint32_t liar_of(const up_options& options) { return options.validators - 1; }

cluster_config config_of(const up_options& options, genesis chain) {
  cluster_config config{.chain = std::move(chain),
                        .data_dir = options.data_dir,
                        .routers = 2,
                        .min_round_ms = options.block_ms,
                        .entropy = random_bytes<digest>};
  if (options.demo || options.once)
    config.conduct[{role::validator, liar_of(options)}] = {{.what = conduct::lie_on_result}};
  config.hosted = development_identities(config.chain, config.routers);
  return config;
}

exit_code run_up(const up_options& options) {
  const auto started = std::chrono::steady_clock::now();
  signal_watch signals;
  auto chosen = choose_genesis(options);
  if (!chosen.chain)
    return fail(chosen.code, chosen.why);
  threaded_config system_config;
  caf::actor_system system{system_config};
  const auto where = local_places(options);
  auto seam = std::make_shared<local_transport>(
    system, unix_ms(), [where](const peer& a, const peer& b) { return where->delay_us(a, b); });
  auto config = config_of(options, std::move(*chosen.chain));
  disk_watch disks{signals};
  config.database_died = [&disks](const std::string&, const std::string& why) { disks.died(why); };
  served_api api{config};
  cluster net{system, seam, std::move(config)};
  if (const auto why = net.start(); !why.empty())
    return fail(exit_no_data_directory, why);
  if (const auto why = api.listen(
        system, net, seam,
        {.port = options.port, .host_trouble = [&disks] { return disks.trouble(); }}))
    return fail(exit_unavailable, *why + " (choose another with --port, or 0 for any)");
  const auto url = "http://127.0.0.1:" + std::to_string(api.port());
  const auto ready_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                          std::chrono::steady_clock::now() - started)
                          .count();
  if (!options.quiet) {
    print_banner(options, net, url);
    std::cout << "Ready in " << ready_ms << " ms" << std::endl;
  }
  if (!options.ready_file.empty())
    std::ofstream{options.ready_file} << "{\"ready_ms\":" << ready_ms << ",\"api\":\"" << url << "\"}\n";
  exit_code code = exit_ok;
  if (options.once || options.demo) {
    const demonstration_config demo{.scene_file = options.scene_file,
                                    .real_file = options.scene_file,
                                    .output_dir = options.output_dir,
                                    .liar = liar_of(options)};
    if (const auto why = demonstrate(system, net, seam, where, demo, signals.stop()); !why.empty())
      code = fail(exit_failed, why);
  }
  if (!options.once && code == exit_ok)
    signals.wait();
  if (const auto found = disks.verdict(); found != exit_ok)
    code = found;
  api.stop();
  net.stop();
  return code;
}

}  // namespace

void add_up(CLI::App& program, action& run) {
  auto options = std::make_shared<up_options>();
  auto* up = program.add_subcommand("up", "A whole local cluster in one process.");
  up->add_option("--validators", options->validators, "Validators; each also authors the Fast Chain.")
    ->check(CLI::Range(4, 16));
  up->add_option("--authors", options->authors, "Authors of the Heavy Chain.")->check(CLI::Range(4, 16));
  up->add_option("--block-ms", options->block_ms, "Minimum round delay of both chains.");
  up->add_option("--audit-rate", options->audit_rate_ppm, "Share of jobs audited, millionths.")
    ->check(CLI::Range(1, 1'000'000));
  up->add_option("--preset", options->preset, "Parameters: whitepaper, default or dev.");
  up->add_option("--data", options->data_dir, "Data directory; without it everything is in memory.");
  up->add_option("--port", options->port, "Port of the API and the page; 0 = any.");
  up->add_option("--ready-file", options->ready_file, "Written when the cluster is ready.");
  up->add_option("--output-dir", options->output_dir, "Where the demonstration writes its picture.");
  up->add_option("--scene", options->scene_file, "Scene of the demonstration.");
  up->add_flag("--quiet", options->quiet, "No banner.");
  up->add_flag("--once", options->once, "Run the demonstration, print it, exit.");
  up->add_flag("--demo", options->demo, "Run the demonstration, then stay up.");
  up->callback([options, &run] { run = [options] { return run_up(*options); }; });
}

}  // namespace datagen::tools
