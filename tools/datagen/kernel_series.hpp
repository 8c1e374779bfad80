#pragma once
// What a host's kernel worker counts, for Prometheus; actors/kernel_metrics.md has the series.

#include "actors/gateway/metrics.hpp"
#include "actors/kernel_counts.hpp"

namespace datagen::tools {

std::vector<web::series> kernel_series(const kernel_totals& x);

}  // namespace datagen::tools
