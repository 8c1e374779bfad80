#include "tools/bench/consensus_bench.hpp"

#include "tools/bench/authors/author_fleet.hpp"
#include "tools/bench/authors/log_machine.hpp"
#include "tools/bench/clock.hpp"
#include "tools/bench/etcd_cluster.hpp"

#include "messages/register.hpp"

#include <caf/actor_system.hpp>

#include <filesystem>
#include <thread>

namespace datagen::bench {

namespace {

constexpr double start_limit_s = 60;

struct client_config : caf::actor_system_config {
  client_config() {
    add_messages(*this);
    add_links(*this);
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", std::size_t{2});
  }
};

/// Our side: author processes, and their client in this process.
class our_side {
public:
  explicit our_side(const peer_options& options)
      : options_(options),
        committee_(local_committee(chain_kind::log, options.authors, 0)),
        fleet_(options.author_program, options.directory, committee_),
        system_(config_),
        net_(system_, links_of(committee_, options.authors)) {}
  ~our_side() { net_.close(); }

  std::string start() {
    if (!fleet_.start_all())
      return "cannot start " + options_.author_program;
    if (auto why = net_.open(); !why.empty())
      return why;
    const auto limit = wall_us() + 1e6 * start_limit_s;
    while (wall_us() < limit) {
      if (run_leaves(system_, net_,
                     {.authors = options_.authors, .in_flight = options_.authors, .seconds = 0.5})
            .committed > 0)
        return {};
      for (std::size_t i = 0; i < options_.authors; ++i)
        if (fleet_.ended(i))
          return "an author ended: " + fleet_.output(i);
    }
    return "the committee committed nothing within 60 s";
  }

  void measure(peer_row& row) {
    double processor = 0, client = 0;
    row.ours = run_leaves(
      system_, net_,
      {.authors = options_.authors, .in_flight = row.in_flight, .seconds = options_.seconds},
      {[&] {
         processor = fleet_.processor_us();
         client = processor_us();
       },
       [&] {
         processor = fleet_.processor_us() - processor;
         client = processor_us() - client;
       }});
    if (row.ours.committed == 0)
      return;
    row.our_processor_us = processor / static_cast<double>(row.ours.committed);
    row.client_processor_us = client / static_cast<double>(row.ours.committed);
  }

private:
  const peer_options& options_;
  committee_file committee_;
  author_fleet fleet_;
  client_config config_;
  caf::actor_system system_;
  process_transport net_;
};

void measure(peer_row& row, etcd_cluster& etcd, double seconds) {
  const auto before = etcd.processor_us();
  const auto run = etcd.run(row.in_flight, seconds, leaf_bytes);
  if (!run || run->committed == 0)
    return;
  const auto committed = static_cast<double>(run->committed);
  row.etcd = peer_row::etcd_figures{.per_s = committed / run->seconds,
                                    .p50_us = run->p50_us,
                                    .p99_us = run->p99_us,
                                    .processor_us = (etcd.processor_us() - before) / committed};
}

}  // namespace

peer_result measure_beside_etcd(const peer_options& options) {
  peer_result result;
  our_side ours{options};
  if (result.why = ours.start(); !result.why.empty())
    return result;
  etcd_cluster etcd{{.program = options.etcd_program,
                     .client = options.etcd_client,
                     .directory = options.directory,
                     .members = options.members}};
  result.no_peer = etcd.start();
  for (const auto in_flight : options.in_flight) {
    peer_row row{.in_flight = in_flight};
    ours.measure(row);
    if (result.no_peer.empty())
      measure(row, etcd, options.seconds);
    if (result.no_peer.empty() && !row.etcd)
      result.no_peer = "etcd or its client failed: " + text_of(options.directory + "/load.out");
    result.rows.push_back(std::move(row));
  }
  return result;
}

}  // namespace datagen::bench
