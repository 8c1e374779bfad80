#pragma once
// The story that `datagen up --once` tells: users Echoed and paired, jobs on real input, audits, a
// liar convicted and expelled, and where every unit of money is at the end.

#include "tools/datagen/up/observer.hpp"

#include <atomic>

namespace datagen::tools {

struct demonstration_config {
  std::string scene_file;      ///< For `render.path`.
  std::string real_file;       ///< For `merkle.root`.
  std::string output_dir;      ///< Where the picture and its digest go.
  std::uint32_t liar = 6;      ///< Validator that was planted.
  std::uint32_t first_account = 7;  ///< Development accounts of the three users.
};

/// Runs the story on a cluster that has just started, printing as it goes.
/// @returns an empty sentence, or what did not happen.
std::string demonstrate(caf::actor_system& system, cluster& net, std::shared_ptr<local_transport> seam,
                        std::shared_ptr<places> where, const demonstration_config& config,
                        const std::atomic<bool>& stop);

}  // namespace datagen::tools
