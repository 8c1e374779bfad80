// `datagen scenario swarm`: scenarios that seeds draw, one after the other.

#include "tools/datagen/scenario_run.hpp"
#include "tools/scenario/line_reader.hpp"
#include "tools/scenario/swarm.hpp"

#include <algorithm>
#include <iostream>

namespace datagen::tools {

namespace {

struct swarm_arguments {
  std::uint64_t seed = 0;
  std::uint64_t seeds = 1;
  std::uint64_t stop_ms = scenario::swarm_stop_ms;
  std::uint64_t twice = 0;  ///< So many of the seeds.
  crypto_choice crypto;
  std::string output;
};

/// Does the same seed give another run? A sentence where it does.
std::string second_run(const scenario::script& script, const scenario::outcome& first) {
  const auto again = scenario::run(script);
  if (again.trace == first.trace && again.messages == first.messages)
    return {};
  return "run again, it has " + std::to_string(again.messages) + " messages and trace " +
         again.trace.substr(0, 16);
}

/// Runs the scenarios of `seeds` seeds from `seed` on; each failure can be replayed by its seed.
exit_code swarm(const swarm_arguments& x) {
  std::uint64_t failed = 0, differing = 0;
  bool unsafe = false;
  for (auto seed = x.seed; seed < x.seed + x.seeds; ++seed) {
    const auto text = scenario::swarm_scenario(seed, x.stop_ms);
    auto read = scenario::read_script(text);
    if (const auto* error = std::get_if<scenario::script_error>(&read))
      return fail(exit_internal, "seed " + std::to_string(seed) + " draws no scenario, line " +
                                   std::to_string(error->at.line) + ": " + error->what);
    auto& script = std::get<scenario::script>(read);
    x.crypto.overrule(script);
    auto options = "--stop " + std::to_string(script.stop_ms) + "ms";
    if (!x.crypto.name.empty())
      options += " " + x.crypto.option();
    const auto done = run_once({}, options, script, {});
    failed += !done.what.passed;
    unsafe = unsafe || done.what.unsafe;
    if (seed - x.seed < x.twice)
      if (const auto why = second_run(script, done.what); !why.empty()) {
        ++differing;
        std::cout << "  NOT THE SAME TWICE: " << why << '\n';
      }
    if (!x.output.empty())
      if (const auto code = write_text(x.output, text); code != exit_ok)
        return code;
  }
  std::cout << x.seeds << " seeds from " << x.seed << ", " << failed << " failed";
  if (x.twice > 0)
    std::cout << ", " << differing << " of " << std::min(x.twice, x.seeds) << " not the same twice";
  std::cout << std::endl;
  return unsafe ? exit_unsafe : failed + differing > 0 ? exit_failed : exit_ok;
}

/// `90s`, `10m`: the time of a scenario.
std::string take_stop(const std::string& text, std::uint64_t& to_ms) {
  try {
    to_ms = scenario::read_time(text, {});
  } catch (const scenario::script_failure& x) {
    return x.what();
  }
  return to_ms >= scenario::swarm_stop_ms_min ? std::string{} : "a drawn scenario takes 45 s at least";
}

}  // namespace

void add_scenario_swarm(CLI::App& scenario, action& run) {
  auto* command =
    scenario.add_subcommand("swarm", "Run scenarios that are drawn from seeds: places, faults, liars");
  const auto x = std::make_shared<swarm_arguments>();
  command->add_option("--seed", x->seed, "First seed")->check(check_uint64, "UINT64");
  command->add_option("--seeds", x->seeds, "How many")->check(CLI::Range(1, 1'000'000));
  command->add_option_function<std::string>(
    "--stop",
    [x](const std::string& text) {
      if (const auto why = take_stop(text, x->stop_ms); !why.empty())
        throw CLI::ValidationError{"--stop", why};
    },
    "Virtual time of each, from 45s on; by default 90s");
  command->add_option("--twice", x->twice, "Run so many of them again: the same to the last message")
    ->check(CLI::Range(0, 1'000'000));
  add_crypto_option(command, x->crypto);
  command->add_option("--output", x->output, "Write the last seed's scenario to this file");
  command->callback([x, &run] { run = [x] { return swarm(*x); }; });
}

}  // namespace datagen::tools
