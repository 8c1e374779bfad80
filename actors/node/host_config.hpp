#pragma once
// What a host's own file says. Its roles and neighbours stand in the network's file, the same on
// every host; paths are relative to this file.
//
//   host = "alpha"                   # its name in the network's file
//   genesis = "genesis.bin"
//   network = "network.toml"
//   keys = "keys"                    # host.json, author-0.json, validator-0.json, …
//   data = "data"                    # databases; one directory belongs to one host for ever
//   [links]
//   listen = "0.0.0.0:9470"
//   [api]                            # only where the network's file puts a gateway
//   listen = "127.0.0.1:8470"
//   [kernels]
//   lanes = 2                        # jobs at a time on each device
//   threads = 0                      # of one job; 0 = one per processor
//   batch = 64                       # small jobs that a lane takes at once; 1 = one by one
//   workers = ["10.0.0.7:7480"]      # this operator's other hosts that run `datagen worker`
//   inside_keys = "inside"           # their and our TLS keys; without, nothing inside is encrypted

#include "actors/link/endpoint.hpp"

#include <filesystem>

namespace datagen {

struct host_config {
  std::string host;
  std::filesystem::path genesis;
  std::filesystem::path network;
  std::filesystem::path keys;
  std::filesystem::path data;
  protocol::link::host_port links;
  std::optional<protocol::link::host_port> api;
  std::uint32_t kernel_lanes = 2;
  std::uint32_t kernel_threads = 0;
  std::uint32_t kernel_batch = 64;
  std::vector<protocol::link::host_port> workers;  ///< Lanes may be 0 where there are some.
  std::optional<std::filesystem::path> inside_keys;
};

/// Throws `file_failure`. @param directory of the file
host_config read_host_config(const std::string& text, const std::filesystem::path& directory);

}  // namespace datagen
