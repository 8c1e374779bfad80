#pragma once
// Who is to live where in a network that does not exist yet.
//
//   [[hosts]]
//   name = "alpha"                   # a-z, 0-9 and '-'
//   address = "10.0.0.1"             # name or number by which the others reach it
//   port = 9470                      # of its links
//   listen = "0.0.0.0"               # numeric
//   operator = "acme"                # who runs it; left out: the host's name
//   authors = 1                      # how many; what hosts leave out is spread over them evenly
//   validators = 2
//   routers = 1
//   gateway = true
//   api = "127.0.0.1:8470"

#include "actors/node/roster.hpp"

namespace datagen::tools {

struct planned_host {
  std::string name;
  std::string operated_by;
  protocol::link::host_port reached;  ///< By others.
  protocol::link::host_port listens;
  std::optional<protocol::link::host_port> api;  ///< Unset: no gateway.
  std::optional<std::uint32_t> authors;
  std::optional<std::uint32_t> validators;
  std::uint32_t routers = 1;
};

using network_plan = std::vector<planned_host>;

/// Throws `file_failure`.
network_plan read_network_plan(const std::string& text);

/// `hosts` hosts on this machine: links on `port`, `port` + 1, …, APIs on `api_port`, …
network_plan local_plan(std::uint32_t hosts, std::uint16_t port, std::uint16_t api_port);

/// Gives every host its numbers, so that they add up. @returns an empty string, or a sentence why
/// they cannot
std::string share_out(network_plan& plan, std::uint32_t authors, std::uint32_t validators);

/// The roster of a plan that is shared out, ids in the order of hosts; keys are still to be filled.
roster roster_of(const network_plan& plan);

}  // namespace datagen::tools
