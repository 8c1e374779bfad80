// `datagen scenario run|check FILE…`: scripted networks in virtual time (tools/scenario).

#include "tools/datagen/commands.hpp"
#include "tools/scenario/report.hpp"

#include <chrono>
#include <fstream>
#include <iostream>

namespace datagen::tools {

namespace {

struct scenario_arguments {
  std::vector<std::string> files;
  std::uint64_t seed = 0;
  std::uint64_t seeds = 1;
  std::string json;
  std::string junit;
};

/// The scenario in `file`, or the exit code after an error was told.
std::variant<scenario::script, exit_code> load(const std::string& file) {
  const auto text = read_file(file, scenario::script_bytes_max);
  if (text.code != exit_ok)
    return text.code;
  auto result = scenario::read_script(text.content);
  if (const auto* error = std::get_if<scenario::script_error>(&result))
    return fail(exit_bad_input, file + ":" + std::to_string(error->at.line) + ":" +
                                  std::to_string(error->at.column) + ": " + error->what);
  return std::get<scenario::script>(std::move(result));
}

exit_code check(const scenario_arguments& x) {
  for (const auto& file : x.files) {
    const auto found = load(file);
    if (const auto* code = std::get_if<exit_code>(&found))
      return *code;
    const auto& script = std::get<scenario::script>(found);
    std::cout << file << ": " << script.validators << " validators, " << script.authors
              << " authors, " << script.load.size() << " workloads, " << script.steps.size()
              << " steps, " << script.expected.size() << " expectations, " << script.stop_ms / 1'000
              << " s\n";
  }
  return exit_ok;
}

scenario::told_run run_once(const std::string& file, const scenario::script& script) {
  using clock = std::chrono::steady_clock;
  const auto begin = clock::now();
  scenario::told_run result{.file = file, .seed = script.seed, .what = scenario::run(script)};
  result.real_ms = static_cast<std::uint64_t>(
    std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - begin).count());
  scenario::print(std::cout, result);
  std::cout.flush();
  return result;
}

exit_code write(const std::string& path, const std::string& text) {
  if (path.empty())
    return exit_ok;
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  file << text;
  file.close();
  return file ? exit_ok : fail(exit_io, "cannot write " + path);
}

exit_code run(const scenario_arguments& x, bool seeded) {
  std::vector<scenario::told_run> runs;
  bool unsafe = false, failed = false, broken = false;
  for (const auto& file : x.files) {
    const auto found = load(file);
    if (const auto* code = std::get_if<exit_code>(&found))
      return *code;
    auto script = std::get<scenario::script>(found);
    if (seeded)
      script.seed = x.seed;
    for (std::uint64_t i = 0; i < x.seeds; ++i, ++script.seed) {
      runs.push_back(run_once(file, script));
      const auto& what = runs.back().what;
      unsafe = unsafe || what.unsafe;
      failed = failed || !what.passed;
      broken = broken || !what.failure.empty();
    }
  }
  for (const auto& [path, text] :
       {std::pair{x.json, scenario::json_of(runs)}, std::pair{x.junit, scenario::junit_of(runs)}})
    if (const auto code = write(path, text); code != exit_ok)
      return code;
  return unsafe ? exit_unsafe : broken ? exit_internal : failed ? exit_failed : exit_ok;
}

}  // namespace

void add_scenario(CLI::App& program, action& run_later) {
  auto* scenario = program.add_subcommand("scenario", "Scripted networks in virtual time");
  scenario->require_subcommand(1);
  const auto x = std::make_shared<scenario_arguments>();
  auto* run_it = scenario->add_subcommand("run", "Run scenarios, say what holds");
  run_it->add_option("files", x->files, "Scenario files (TOML)")->required();
  auto* seed = run_it->add_option("--seed", x->seed, "In place of the file's seed")
                 ->check(check_uint64, "UINT64");
  run_it->add_option("--seeds", x->seeds, "Runs of each file, with one seed after the other")
    ->check(CLI::Range(1, 1'000'000));
  run_it->add_option("--json", x->json, "Write a report as JSON to this file");
  run_it->add_option("--junit", x->junit, "Write a report as JUnit XML to this file");
  run_it->callback([x, seed, &run_later] {
    run_later = [x, seeded = seed->count() > 0] { return run(*x, seeded); };
  });
  auto* check_it = scenario->add_subcommand("check", "Read scenarios, run nothing");
  check_it->add_option("files", x->files, "Scenario files (TOML)")->required();
  check_it->callback([x, &run_later] { run_later = [x] { return check(*x); }; });
}

}  // namespace datagen::tools
