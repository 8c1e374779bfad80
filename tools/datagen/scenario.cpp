// `datagen scenario run|replay|shrink|check FILE…`, `swarm`, `rates`, `scale`: scripted networks in virtual time (tools/scenario).

#include "tools/datagen/scenario_run.hpp"
#include "tools/scenario/rates.hpp"
#include "tools/scenario/scale.hpp"
#include "tools/scenario/shrink.hpp"

#include "actors/gateway/event_json.hpp"

#include <fstream>
#include <iomanip>
#include <iostream>

namespace datagen::tools {

namespace {

struct scenario_arguments {
  std::vector<std::string> files;
  std::uint64_t seed = 0;
  std::uint64_t seeds = 1;
  std::string json;
  std::string junit;
  std::string trace;
  std::string output;
  crypto_choice crypto;
  std::uint32_t runs_max = 200;
  scenario::rates_wish rates;
  scenario::scale_wish scale;
};

struct loaded {
  exit_code code = exit_ok;  ///< Otherwise the error is told.
  std::string text;
  scenario::script script;
};

loaded load(const std::string& file) {
  const auto text = read_file(file, scenario::script_bytes_max);
  if (text.code != exit_ok)
    return {text.code, {}, {}};
  auto result = scenario::read_script(text.content);
  if (const auto* error = std::get_if<scenario::script_error>(&result))
    return {fail(exit_bad_input, file + ":" + std::to_string(error->at.line) + ":" +
                                   std::to_string(error->at.column) + ": " + error->what),
            {},
            {}};
  return {exit_ok, text.content, std::get<scenario::script>(std::move(result))};
}

exit_code check(const scenario_arguments& x) {
  for (const auto& file : x.files) {
    const auto found = load(file);
    if (found.code != exit_ok)
      return found.code;
    const auto& script = found.script;
    std::cout << file << ": " << script.validators << " validators, " << script.authors
              << " authors, " << script.load.size() << " workloads, " << script.steps.size()
              << " steps, " << script.expected.size() << " expectations, " << script.stop_ms / 1'000
              << " s\n";
  }
  return exit_ok;
}

/// One JSON object a line: `at_ms` of virtual time, `height`, and the event.
scenario::event_listener trace_to(std::ofstream& file) {
  return [&file](std::uint64_t at_ms, std::uint64_t height, const protocol::ledger::event& what) {
    boost::json::object line{{"at_ms", at_ms}, {"height", height}, {"event", web::event_json(what)}};
    file << boost::json::serialize(line) << '\n';
  };
}

exit_code run(const scenario_arguments& x, bool seeded) {
  std::vector<scenario::told_run> runs;
  std::ofstream trace;
  if (!x.trace.empty()) {
    trace.open(x.trace, std::ios::binary | std::ios::trunc);
    if (!trace)
      return fail(exit_io, "cannot write " + x.trace);
  }
  const auto listener = x.trace.empty() ? scenario::event_listener{} : trace_to(trace);
  bool unsafe = false, failed = false, broken = false;
  for (const auto& file : x.files) {
    auto [failed_to_load, text, script] = load(file);
    if (failed_to_load != exit_ok)
      return failed_to_load;
    if (seeded)
      script.seed = x.seed;
    x.crypto.overrule(script);
    for (std::uint64_t i = 0; i < x.seeds; ++i, ++script.seed) {
      runs.push_back(run_once(file, x.crypto.option(), script, listener));
      const auto& what = runs.back().what;
      unsafe = unsafe || what.unsafe;
      failed = failed || !what.passed;
      broken = broken || !what.failure.empty();
    }
  }
  for (const auto& [path, text] :
       {std::pair{x.json, scenario::json_of(runs)}, std::pair{x.junit, scenario::junit_of(runs)}})
    if (const auto code = write_text(path, text); code != exit_ok)
      return code;
  return unsafe ? exit_unsafe : broken ? exit_internal : failed ? exit_failed : exit_ok;
}

/// One run, with every Heavy event as a line.
exit_code replay(const scenario_arguments& x, bool seeded) {
  auto [code, text, script] = load(x.files.front());
  if (code != exit_ok)
    return code;
  if (seeded)
    script.seed = x.seed;
  x.crypto.overrule(script);
  const auto tell = [](std::uint64_t at_ms, std::uint64_t height,
                       const protocol::ledger::event& what) {
    std::cout << std::setw(9) << at_ms << " ms  block " << height << "  "
              << boost::json::serialize(web::event_json(what)) << '\n';
  };
  const auto done = run_once(x.files.front(), x.crypto.option(), script, tell);
  return done.what.unsafe ? exit_unsafe : done.what.passed ? exit_ok : exit_failed;
}

/// What failed first, in the file's order; empty where all holds.
std::string first_failure(const scenario::outcome& x) {
  if (!x.failure.empty())
    return x.failure;
  for (const auto& found : x.findings)
    if (!found.holds)
      return found.text;
  return {};
}

exit_code shrink(const scenario_arguments& x, bool seeded) {
  const auto& file = x.files.front();
  const auto [code, text, script] = load(file);
  if (code != exit_ok)
    return code;
  const auto seed = seeded ? x.seed : script.seed;
  const auto failure_of = [&x, seed](scenario::script what) {
    what.seed = seed;
    x.crypto.overrule(what);
    return first_failure(scenario::run(what));
  };
  const auto failure = failure_of(script);
  if (failure.empty())
    return fail(exit_bad_input, file + " with seed " + std::to_string(seed) +
                                  " passes: there is nothing to look for");
  std::cerr << "fails: " << failure << std::endl;
  const auto small = scenario::shrink(
    text, [&](const scenario::script& what) { return failure_of(what) == failure; }, x.runs_max);
  std::cerr << small.steps << " times smaller after " << small.runs << " runs; replay it with --seed "
            << seed << std::endl;
  if (x.output.empty())
    std::cout << small.text;
  return write_text(x.output, small.text);
}

/// A table of all adversaries, a row as soon as its runs are over.
exit_code rates(const scenario_arguments& x) {
  scenario::print_head(std::cout, x.rates);
  bool harmed = false;
  const auto why = scenario::rates(x.rates, [&](const scenario::rates_row& row) {
    harmed = harmed || row.harmed + row.false_audits > 0 || !row.broken.empty();
    scenario::print(std::cout, x.rates, row);
  });
  return !why.empty() ? fail(exit_bad_input, why) : harmed ? exit_failed : exit_ok;
}

exit_code scale(const scenario_arguments& x) {
  scenario::print_scale_head(std::cout, x.scale);
  std::vector<scenario::scale_row> rows;
  const auto why = scenario::scale(x.scale, [&](const scenario::scale_row& row) {
    rows.push_back(row);
    scenario::print(std::cout, row);
  });
  if (!why.empty())
    return fail(exit_bad_input, why);
  const auto lines = scenario::growth_of(rows);
  for (const auto& line : lines)
    if (const auto exponent = scenario::exponent_of(line))
      std::cout << line.name << ": n^" << std::fixed << std::setprecision(2) << *exponent << "\n";
  return write_text(x.output, scenario::draw_log_chart("What one job and one Echo cost", "validators", lines));
}

}  // namespace

scenario::told_run run_once(const std::string& file, const std::string& options,
                            const scenario::script& script,
                            const scenario::event_listener& listener) {
  using clock = std::chrono::steady_clock;
  const auto begin = clock::now();
  scenario::told_run result{.file = file,
                            .options = options,
                            .seed = script.seed,
                            .what = scenario::run(script, {listener, {}})};
  result.real_ms = static_cast<std::uint64_t>(
    std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - begin).count());
  scenario::print(std::cout, result);
  std::cout.flush();
  return result;
}

exit_code write_text(const std::string& path, const std::string& text) {
  if (path.empty())
    return exit_ok;
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  file << text;
  file.close();
  return file ? exit_ok : fail(exit_io, "cannot write " + path);
}

void add_crypto_option(CLI::App* command, crypto_choice& to) {
  command
    ->add_option("--crypto", to.name,
                 "real: Ed25519 and P-256; simulated: cheap, and only the harness can make it; in "
                 "place of what the scenario says, which is simulated unless it says real")
    ->check(CLI::IsMember({"real", "simulated"}));
}

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
  add_crypto_option(run_it, x->crypto);
  run_it->add_option("--json", x->json, "Write a report as JSON to this file");
  run_it->add_option("--junit", x->junit, "Write a report as JUnit XML to this file");
  run_it->add_option("--trace", x->trace, "Write every Heavy event as a line of JSON to this file");
  run_it->callback([x, seed, &run_later] {
    run_later = [x, seeded = seed->count() > 0] { return run(*x, seeded); };
  });
  const auto with_one_file = [&](const char* name, const char* what, auto run) {
    auto* command = scenario->add_subcommand(name, what);
    command->add_option("file", x->files, "Scenario file (TOML)")->required()->expected(1);
    auto* which = command->add_option("--seed", x->seed, "In place of the file's seed")
                    ->check(check_uint64, "UINT64");
    add_crypto_option(command, x->crypto);
    command->callback([x, which, run, &run_later] {
      run_later = [x, run, seeded = which->count() > 0] { return run(*x, seeded); };
    });
    return command;
  };
  with_one_file("replay", "Run a scenario once, and print every Heavy event", replay);
  auto* shrink_it = with_one_file("shrink", "Make a failing scenario smaller, as long as it fails alike", shrink);
  shrink_it->add_option("--output", x->output, "Write the smaller scenario to this file, not to stdout");
  shrink_it->add_option("--runs", x->runs_max, "Runs at most")->check(CLI::Range(1, 100'000));
  add_scenario_swarm(*scenario, run_later);
  auto* rates_it = scenario->add_subcommand(
    "rates", "How often each kind of adversary is drawn, convicted, fined, beside the closed forms");
  rates_it->add_option("--seed", x->rates.seed, "First seed")->check(check_uint64, "UINT64");
  rates_it->add_option("--seeds", x->rates.seeds, "Runs of each adversary")->check(CLI::Range(1, 1'000'000));
  rates_it->add_option("--rate", x->rates.rate_percent, "Audit rate in percent")->check(CLI::Range(1, 100));
  rates_it->add_option("--only", x->rates.only, "Adversaries whose names begin so, e.g. lie");
  rates_it->callback([x, &run_later] { run_later = [x] { return rates(*x); }; });
  auto* scale_it =
    scenario->add_subcommand("scale", "How costs grow with the validators, as table, fits and picture");
  scale_it->add_option("--sizes", x->scale.sizes, "Numbers of validators, e.g. 10,30,100")
    ->delimiter(',')
    ->check(CLI::Range(4, 10'000));
  scale_it->add_option("--seed", x->scale.seed, "Seed")->check(check_uint64, "UINT64");
  scale_it->add_option("--seconds", x->scale.seconds, "Virtual time of a run")->check(CLI::Range(10, 3'600));
  scale_it->add_option("--sample", x->scale.sample, "Validators that a sampled Echo asks")
    ->check(CLI::Range(4, 1'000));
  scale_it->add_option("--svg", x->output, "Writes the picture there");
  scale_it->callback([x, &run_later] { run_later = [x] { return scale(*x); }; });
  auto* check_it = scenario->add_subcommand("check", "Read scenarios, run nothing");
  check_it->add_option("files", x->files, "Scenario files (TOML)")->required();
  check_it->callback([x, &run_later] { run_later = [x] { return check(*x); }; });
}

}  // namespace datagen::tools
