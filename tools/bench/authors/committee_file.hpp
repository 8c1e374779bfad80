#pragma once
// A small committee whose authors are processes of one operator: what each of them must know alike.
// Keys are the publicly known development keys; this is for benchmarks and crash tests.

#include "actors/process_transport.hpp"

namespace datagen::bench {

/// What the committee orders.
enum class chain_kind : std::uint8_t {
  ledger,  ///< The Heavy Chain's rules, real signed transactions.
  log,     ///< Opaque leaves, hashed into a chain: what a replicated log must do at least.
};

struct committee_file {
  chain_kind chain = chain_kind::ledger;
  std::string coin = "openssl";  ///< Back end of the threshold coin.
  std::uint64_t time_ms = 0;     ///< Unix time of genesis.
  std::uint64_t min_round_ms = 0;
  std::vector<process_address> authors;
  process_address client;  ///< Where users and the gateway live.
};

/// Users that may talk to the committee; all of them live in the client's process.
inline constexpr std::uint32_t users = 64;

/// One `name = value` per line; authors in the order of their indices.
std::string to_text(const committee_file& x);
/// @returns nothing, and `why` as a sentence, when `text` is not what `to_text` writes
std::optional<committee_file> read_committee(const std::string& text, std::string& why);

/// Transport of author `index`, or with the number of authors as index that of the client.
process_transport_config links_of(const committee_file& x, std::size_t index);

/// Unix time, milliseconds.
std::uint64_t unix_ms();

/// So many ports of the loopback interface that nobody listened on a moment ago.
std::vector<std::uint16_t> free_ports(std::size_t count);
/// A committee of `authors` on free ports.
committee_file local_committee(chain_kind chain, std::size_t authors, std::uint64_t min_round_ms);

}  // namespace datagen::bench
