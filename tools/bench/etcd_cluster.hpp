#pragma once
// etcd as a peer: members on the loopback interface with databases of their own, and the client
// that drives them. Both are optional; whoever asks is told what is missing.

#include "tools/bench/authors/child_process.hpp"

#include <cstdint>
#include <optional>

namespace datagen::bench {

struct etcd_options {
  std::string program = "etcd";
  std::string client;     ///< `etcd_load`
  std::string directory;  ///< Exists.
  std::uint32_t members = 3;
};

/// What the client says of one run.
struct etcd_run {
  std::uint64_t committed = 0;
  double seconds = 0;
  double p50_us = 0;
  double p99_us = 0;
};

class etcd_cluster {
public:
  explicit etcd_cluster(etcd_options options) : options_(std::move(options)) {}

  /// @returns an empty string, or a sentence what is missing
  std::string start();
  /// Puts values of `value_bytes` under new keys, `in_flight` at a time, through the leader.
  std::optional<etcd_run> run(std::uint32_t in_flight, double seconds, std::size_t value_bytes);
  double processor_us() const;

private:
  etcd_options options_;
  std::string endpoints_;
  std::vector<child_process> members_;
};

}  // namespace datagen::bench
