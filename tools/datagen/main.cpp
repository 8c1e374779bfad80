// The one program: list of commands, and what every one of them shares.

#include "tools/datagen/commands.hpp"
#include "tools/datagen/failure.hpp"

#include "commit.hpp"

#include <exception>
#include <iostream>

using namespace datagen::tools;

namespace {

/// Usage errors: CLI11's sentence, or a better one for a word nobody knows.
exit_code usage(const CLI::App& program, const CLI::ParseError& error,
                const std::vector<std::string>& arguments) {
  const auto sentence = explain_unknown(program, arguments);
  return fail(exit_usage,
              sentence.empty() ? std::string{error.what()} + " (see --help)" : sentence);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program{"Datagen: a decentralized compute network.", "datagen"};
  program.set_version_flag("--version", "datagen " DATAGEN_VERSION " (" DATAGEN_COMMIT ")");
  program.require_subcommand(1);
  action run;
  add_up(program, run);
  add_node(program, run);
  add_worker(program, run);
  add_network(program, run);
  add_inspect(program, run);
  add_keys(program, run);
  add_coin(program, run);
  add_submit(program, run);
  add_verify(program, run);
  add_queries(program, run);
  add_operators(program, run);
  add_sessions(program, run);
  add_votes(program, run);
  add_checkpoint(program, run);
  add_scenario(program, run);
  add_bench(program, run);
  add_completion(program, run);
  try {
    program.parse(argc, argv);
    const auto code = run();
    std::cout.flush();
    return std::cout ? code : fail(exit_io, "standard output cannot be written");
  } catch (const CLI::Success& answer) {  // --help, --version
    return program.exit(answer);
  } catch (const CLI::ParseError& error) {
    return usage(program, error, {argv + 1, argv + argc});
  } catch (const failure& why) {
    return *why.what() == '\0' ? why.code : fail(why.code, why.what());
  } catch (const std::exception& error) {
    return fail(exit_internal, std::string{"internal error: "} + error.what());
  }
}
