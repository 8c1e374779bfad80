#pragma once
// Files with which operators run a host: its own configuration, a hardened systemd unit, and for
// several containers on one machine a compose file; targets for Prometheus.

#include "tools/datagen/node/network_plan.hpp"

namespace datagen::tools {

/// node.toml of one host; all its files lie beside it.
std::string node_file(const planned_host& host);
std::string systemd_unit(const planned_host& host);
std::string compose_file(const network_plan& plan);
std::string prometheus_file(const network_plan& plan);

}  // namespace datagen::tools
