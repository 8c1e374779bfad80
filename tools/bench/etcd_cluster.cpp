#include "tools/bench/etcd_cluster.hpp"

#include "tools/bench/authors/committee_file.hpp"

#include <unistd.h>

#include <sstream>

namespace datagen::bench {

namespace {

std::string url(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

}  // namespace

std::string etcd_cluster::start() {
  if (::access(options_.client.c_str(), X_OK) != 0)
    return "etcd_load was not built (it needs libgrpc++-dev and protobuf-compiler-grpc)";
  const auto ports = free_ports(std::size_t{2} * options_.members);
  std::string everybody;
  for (std::uint32_t i = 0; i < options_.members; ++i) {
    everybody += (i == 0 ? "m" : ",m") + std::to_string(i) + "=" + url(ports[2 * i + 1]);
    endpoints_ += (i == 0 ? "127.0.0.1:" : ",127.0.0.1:") + std::to_string(ports[2 * i]);
  }
  for (std::uint32_t i = 0; i < options_.members; ++i) {
    const auto own = "m" + std::to_string(i);
    const auto clients = url(ports[2 * i]), peers = url(ports[2 * i + 1]);
    members_.emplace_back(std::vector<std::string>{options_.program,
                                                   "--name",
                                                   own,
                                                   "--data-dir",
                                                   options_.directory + "/" + own,
                                                   "--listen-client-urls",
                                                   clients,
                                                   "--advertise-client-urls",
                                                   clients,
                                                   "--listen-peer-urls",
                                                   peers,
                                                   "--initial-advertise-peer-urls",
                                                   peers,
                                                   "--initial-cluster",
                                                   everybody,
                                                   "--initial-cluster-state",
                                                   "new",
                                                   "--logger",
                                                   "zap",
                                                   "--log-level",
                                                   "error"},
                          options_.directory + "/" + own + ".out");
    if (!members_.back().started())
      return "etcd is not installed (Debian's etcd-server)";
  }
  return {};
}

std::optional<etcd_run> etcd_cluster::run(std::uint32_t in_flight, double seconds,
                                          std::size_t value_bytes) {
  const auto output = options_.directory + "/load.out";
  child_process client{{options_.client, endpoints_, std::to_string(in_flight),
                        std::to_string(seconds), std::to_string(value_bytes)},
                       output};
  if (client.wait() != 0)
    return std::nullopt;
  etcd_run result;
  std::istringstream words{text_of(output)};
  words >> result.committed >> result.seconds >> result.p50_us >> result.p99_us;
  return words ? std::optional{result} : std::nullopt;
}

double etcd_cluster::processor_us() const {
  double sum = 0;
  for (const auto& x : members_)
    sum += x.processor_us();
  return sum;
}

}  // namespace datagen::bench
