// `datagen inspect`: the pure rules from the command line.

#include "tools/datagen/commands.hpp"

namespace datagen::tools {

void add_inspect(CLI::App& program, action& run) {
  auto* command = program.add_subcommand("inspect", "Ask a rule what it decides");
  command->require_subcommand(1);
  add_inspect_emission(*command, run);
  add_inspect_verdict(*command, run);
  add_inspect_params(*command, run);
  add_inspect_dag(*command, run);
  add_inspect_self_dealing(*command, run);
}

}  // namespace datagen::tools
