#pragma once
// The consensus engine beside what it must cost and beside etcd: authors in one process against the
// bound of their cryptography, and authors as processes with durable writes against etcd's members.

#include "tools/bench/authors/leaf_load.hpp"
#include "tools/bench/crypto_bound.hpp"

#include <optional>

namespace datagen::bench {

/// Authors in this process, databases in memory, no pause between rounds.
struct in_process_row {
  std::uint32_t authors = 0;
  std::string coin;
  std::uint32_t in_flight = 0;
  bool own_caches = false;  ///< Nobody profits from what another author has verified.
  leaf_report leaves;
  double rounds_per_s = 0;
  double cores = 0;     ///< Processor time per wall time.
  double round_us = 0;  ///< Processor time of all authors and the client per round.
  crypto_bound bound;
  std::uint32_t processors = 0;
  double bound_us() const { return own_caches ? bound.uncached_round_us() : bound.round_us(); }
  /// Rounds per second that cryptography alone would allow on all processors.
  double bound_per_s() const { return processors * 1e6 / bound_us(); }
  double of_bound() const { return rounds_per_s / bound_per_s(); }
  /// Share of the processor time that is cryptography: `of_bound` on a machine nobody else uses.
  double crypto_share() const { return bound_us() / round_us; }
};

struct in_process_options {
  std::uint32_t authors = 4;
  std::string coin = "openssl";
  std::uint32_t in_flight = 0;
  /// As on hosts of their own: each author verifies and combines for itself. Otherwise what one has
  /// verified the whole process knows, as in `datagen up`.
  bool own_caches = false;
  double seconds = 3;
};
struct in_process_result {
  in_process_row row;
  std::string why;  ///< Why there is none; empty otherwise.
};
in_process_result measure_in_process(const in_process_options& options);

/// One number in flight at both.
struct peer_row {
  std::uint32_t in_flight = 0;
  leaf_report ours;
  double our_processor_us = 0;     ///< Of all authors, per committed leaf.
  double client_processor_us = 0;  ///< Of our client, per committed leaf.
  struct etcd_figures {
    double per_s = 0;
    double p50_us = 0;
    double p99_us = 0;
    double processor_us = 0;  ///< Of all members, per put.
  };
  std::optional<etcd_figures> etcd;
};

struct peer_options {
  std::string directory;       ///< Exists; databases of both sides are created in it.
  std::string author_program;  ///< `author_process`
  std::string etcd_program = "etcd";
  std::string etcd_client;    ///< `etcd_load`
  std::uint32_t authors = 4;  ///< The least that tolerates one traitor.
  std::uint32_t members = 3;  ///< The least that tolerates one crash.
  std::vector<std::uint32_t> in_flight = {1, 64, 1024, 4096};
  double seconds = 3;
};
struct peer_result {
  std::vector<peer_row> rows;
  std::string no_peer;  ///< Why there are no figures of etcd; empty otherwise.
  std::string why;      ///< Why there are no rows; empty otherwise.
};
peer_result measure_beside_etcd(const peer_options& options);

}  // namespace datagen::bench
