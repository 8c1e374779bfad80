#pragma once
// Figures as Prometheus text. Every series is documented in metrics.md; a test compares.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace datagen::web {

struct measured {
  std::map<std::string, std::string> labels;
  std::uint64_t value = 0;
};

struct series {
  std::string name;
  std::string help;
  bool counter = false;  ///< Else a gauge.
  std::vector<measured> values;
};

std::string metrics_text(const std::vector<series>& all);

}  // namespace datagen::web
