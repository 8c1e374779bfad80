// `datagen worker`: lends the devices of this host to a validator of the same operator elsewhere.

#include "tools/datagen/commands.hpp"
#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/failure.hpp"
#include "tools/datagen/long_running.hpp"

#include "actors/inside_link.hpp"
#include "actors/kernel_worker.hpp"
#include "actors/lending_door.hpp"
#include "actors/node/roster.hpp"

#include "commit.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <boost/asio/ip/address.hpp>

#include <iomanip>
#include <iostream>

namespace datagen::tools {

namespace {

struct worker_options {
  std::string listen = "127.0.0.1:7480";
  std::string keys;
  std::string ready_file;
  std::uint32_t lanes = 2;
  std::uint32_t threads = 0;
  std::uint32_t batch = kernel_batch_limits{}.jobs_max;
};

/// Whoever reaches a worker may use its devices, and whoever speaks in its place gives wrong
/// results.
void check(const worker_options& x, const protocol::link::host_port& where) {
  boost::system::error_code bad;
  const auto address = boost::asio::ip::make_address(where.host, bad);
  if (bad)
    throw failure(exit_usage, "--listen " + x.listen + ": the address must be a number");
  if (!address.is_loopback() && x.keys.empty())
    throw failure(exit_configuration,
                  "--listen " + x.listen +
                    " is reached from other machines, so the worker needs --inside-keys "
                    "(deploy/inside-keys makes them)");
}

exit_code run_worker(const worker_options& options) {
  const auto where = read_host_port(options.listen);
  if (!where)
    throw failure(exit_usage, "--listen '" + options.listen + "' is no NUMBER:PORT");
  check(options, *where);
  const auto kernels = std::make_shared<const kernels::registry>(kernels::registry::load());
  if (!kernels->ok())
    return fail(exit_unavailable, kernels->error());
  signal_watch signals;
  threaded_config config;
  config.link_inside(options.keys.empty() ? std::nullopt
                                          : std::optional<std::filesystem::path>{options.keys});
  caf::actor_system system{config};
  const auto worker = system.spawn<caf::detached>(
    kernel_worker,
    kernel_worker_config{.kernels = kernels,
                         .threads = options.threads,
                         .lanes = options.lanes,
                         .batch = {.jobs_max = options.batch}});
  const auto door = system.spawn(lending_door, worker);
  const auto address = caf::actor_cast<caf::strong_actor_ptr>(door);
  const auto port = publish_inside(system, address, where->host, where->port);
  const auto end = [&] {
    caf::scoped_actor self{system};
    if (port)
      unpublish_inside(system, address, *port);
    self->send_exit(door, caf::exit_reason::user_shutdown);
    self->wait_for(door, worker);
  };
  if (!port) {
    end();
    return fail(exit_unavailable,
                "cannot listen on " + options.listen + ": " + system.render(port.error()));
  }
  std::cout << "Datagen " DATAGEN_VERSION " (" DATAGEN_COMMIT ")  worker\n";
  for (const auto& device : kernels->devices())
    std::cout << "  " << std::left << std::setw(13) << device.backend << device.name << std::right
              << "\n";
  std::cout << "  listens      " << where->host << " port " << *port
            << (options.keys.empty() ? ", not encrypted" : ", TLS") << "\nReady" << std::endl;
  if (!options.ready_file.empty())
    write_durably(options.ready_file, "{\"port\":" + std::to_string(*port) + "}\n");
  signals.wait();
  end();
  return exit_ok;
}

}  // namespace

void add_worker(CLI::App& program, action& run) {
  auto options = std::make_shared<worker_options>();
  auto* worker = program.add_subcommand(
    "worker", "Lends this host's devices to `datagen node` on another host of the same operator.");
  worker->add_option("--listen", options->listen, "NUMBER:PORT")->capture_default_str();
  worker->add_option("--inside-keys", options->keys,
                     "Directory with certificate.pem, key.pem and ca.pem");
  worker->add_option("--lanes", options->lanes, "Jobs at a time on each device")
    ->check(CLI::Range(1, 64))
    ->capture_default_str();
  worker->add_option("--threads", options->threads, "Of one job; 0 = one per processor")
    ->check(CLI::Range(0, 1024))
    ->capture_default_str();
  worker->add_option("--batch", options->batch, "Small jobs that a lane takes at once; 1 = one by one")
    ->check(CLI::Range(1, 1024))
    ->capture_default_str();
  worker->add_option("--ready-file", options->ready_file, "Written when the worker is ready.");
  worker->callback([options, &run] { run = [options] { return run_worker(*options); }; });
}

}  // namespace datagen::tools
