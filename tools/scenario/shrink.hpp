#pragma once
// From a scenario that fails to a smaller one that fails alike: fewer faults, then fewer nodes, then
// fewer messages.

#include "tools/scenario/script.hpp"

namespace datagen::scenario {

struct shrunk {
  std::string text;        ///< TOML; what it was given where nothing could go.
  std::uint32_t runs = 0;  ///< That were tried.
  std::uint32_t steps = 0; ///< That made it smaller.
};

/// @param fails runs a script; true where it fails in the way that is looked into
/// @param runs_max then the smallest one so far is returned
/// @pre `text` is a scenario, and fails
shrunk shrink(const std::string& text, const std::function<bool(const script&)>& fails,
              std::uint32_t runs_max = 200);

}  // namespace datagen::scenario
