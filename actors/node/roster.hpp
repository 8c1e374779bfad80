#pragma once
// Who lives where: the hosts of a network, the same public file on each of them. What a key may
// speak for follows from it and from genesis alone.
//
//   [[hosts]]
//   name = "alpha"
//   key = "dg1…"                     # of its links; registered keys are proven beside it
//   address = ["10.0.0.1:9470"]      # where others reach it; the first is tried first
//   authors = [0]                    # Heavy Chain, ids as in genesis
//   validators = [0, 1]              # each with its cross-checker and Fast author
//   routers = [0]                    # ids of the network's routers count from 0 without gaps
//   gateway = 0                      # likewise
//   [[hosts.joined]]                 # who came after genesis: its id on the Heavy Chain and its key
//   validator = 7                    # or author = 4
//   key = "dg1…"

#include "actors/link_transport.hpp"

#include "protocol/chain/genesis.hpp"

namespace datagen {

/// An author or a validator that genesis does not know.
struct joined_identity {
  role kind = role::validator;  ///< Or heavy_author.
  std::uint32_t id = 0;
  protocol::public_key key;
};

struct roster_host {
  std::string name;
  protocol::public_key key;
  std::vector<protocol::link::host_port> where;
  std::vector<std::uint32_t> authors;     ///< Of genesis.
  std::vector<std::uint32_t> validators;  ///< Likewise.
  std::vector<joined_identity> joined;
  std::vector<std::uint32_t> routers;
  std::optional<std::uint32_t> gateway;
};

struct roster {
  std::vector<roster_host> hosts;

  const roster_host* find(const std::string& name) const;
  std::uint32_t routers() const;
};

/// Throws `file_failure`.
roster read_roster(const std::string& text);
std::string to_toml(const roster& x);
std::string to_toml(const roster_host& x);

/// Its authors, or its validators, by id: genesis' and those that joined, with their keys.
/// @pre the check holds
std::map<std::uint32_t, protocol::public_key> identities_of(const roster_host& x, role kind,
                                                            const protocol::genesis& chain);

/// "10.0.0.1:9470", "host.example:9470", "[2001:db8::1]:9470"; nothing where it is none of these.
std::optional<protocol::link::host_port> read_host_port(std::string_view text);
std::string to_string(const protocol::link::host_port& x);

/// @returns an empty string, or the first sentence why this roster does not serve that genesis:
/// each of its authors and validators lives on exactly one host, names and keys are unique, and no
/// host holds more keys than it can prove on a link
std::string check(const roster& x, const protocol::genesis& chain);

/// The host `x` as others see it. @pre the check holds
link_peer neighbour(const roster_host& x, const protocol::genesis& chain);
/// The other hosts as `own` sees them. @pre the check holds and `own` is one of the hosts
std::vector<link_peer> neighbours(const roster& x, const protocol::genesis& chain,
                                  const std::string& own);

}  // namespace datagen
