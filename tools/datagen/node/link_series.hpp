#pragma once
// What a host's links count, for Prometheus; actors/link/metrics.md has the series.

#include "actors/gateway/metrics.hpp"
#include "actors/link_transport.hpp"

namespace datagen::tools {

std::vector<web::series> link_series(const link_transport& net);

}  // namespace datagen::tools
