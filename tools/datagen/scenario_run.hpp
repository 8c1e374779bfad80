#pragma once
// What the commands of `datagen scenario` share.

#include "tools/datagen/commands.hpp"
#include "tools/scenario/report.hpp"

namespace datagen::tools {

/// `--crypto real|simulated`.
struct crypto_choice {
  std::string name;  ///< Empty: as the scenario says.

  void overrule(scenario::script& what) const {
    if (!name.empty())
      what.cryptography = name == "real" ? scenario::crypto::real : scenario::crypto::simulated;
  }
  /// As on the command line; empty where it was not given.
  std::string option() const { return name.empty() ? "" : "--crypto " + name; }
};
void add_crypto_option(CLI::App* command, crypto_choice& to);

/// Runs and tells it on stdout. @param options beside the seed, for whoever wants to see it again
scenario::told_run run_once(const std::string& file, const std::string& options,
                            const scenario::script& script,
                            const scenario::event_listener& listener);
/// Nothing where `path` is empty.
exit_code write_text(const std::string& path, const std::string& text);

void add_scenario_swarm(CLI::App& scenario, action& run);

}  // namespace datagen::tools
