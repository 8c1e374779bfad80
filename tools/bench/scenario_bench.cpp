#include "tools/bench/scenario_bench.hpp"

#include "tools/scenario/dice.hpp"
#include "tools/scenario/run.hpp"

#include "messages/chain.hpp"

#include "actors/local_transport.hpp"
#include "actors/node/deterministic_system.hpp"

#include <algorithm>
#include <chrono>

namespace datagen::bench {

namespace {

constexpr std::uint32_t bare_actors = 16;
constexpr std::uint32_t bare_each = 4;  // messages under way, times actors
constexpr std::uint64_t bare_messages = 2'000'000;

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

bare_row measure_bare() {
  deterministic_system sim;
  scenario::dice dice{1};
  local_transport net{sim.system(), 0,
                      [&dice](const peer&, const peer&) { return 1'000 + dice.next() % 1'000; }};
  std::vector<caf::actor> actors;
  std::uint64_t taken = 0;
  for (std::uint32_t i = 0; i < bare_actors; ++i) {
    const peer self{role::gateway, i};
    actors.push_back(sim.system().spawn([&, self](caf::event_based_actor*) {
      return caf::behavior{[&, self](const peer&, const v1::follow_blocks& x) {
        ++taken;
        const auto to = static_cast<std::uint32_t>(dice.next() % bare_actors);
        net.send(self, peer{role::gateway, to}, v1::follow_blocks{x.height + 1});
      }};
    }));
    net.attach(self, actors.back());
  }
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint32_t i = 0; i < bare_actors * bare_each; ++i)
    net.send(peer{role::gateway, 0}, peer{role::gateway, i % bare_actors}, v1::follow_blocks{});
  while (taken < bare_messages)
    sim.run_for(1'000);
  const bare_row result{.actors = bare_actors, .real_s = seconds_since(begin), .messages = taken};
  net.close();
  for (const auto& x : actors)
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  actors.clear();
  sim.settle();
  return result;
}

/// All in one city, all honest, two users with a job each second.
std::string network_of(std::uint32_t validators, const scenario_options& options) {
  const auto authors = std::clamp(validators / 6, 4U, 16U);
  std::string text = "[run]\nstop = \"" + std::to_string(options.virtual_ms) + "ms\"\ncrypto = \"" +
                     (options.crypto == scenario::crypto::real ? "real" : "simulated") +
                     "\"\n[cluster]\nvalidators = " + std::to_string(validators) +
                     "\nauthors = " + std::to_string(authors) + "\nusers = 2\n";
  for (const auto* user : {"u0", "u1"})
    text += std::string{"[[workload]]\nuser = \""} + user + "\"\nevery = \"1s\"\n";
  return text + "[story]\nsteps = '''\nalways no two blocks at one height\n"
                "finally at least 1 jobs are answered\n'''\n";
}

}  // namespace

scenario_report measure_scenarios(const scenario_options& options) {
  scenario_report result{.bare = measure_bare(), .rows = {}, .why = {}};
  for (const auto validators : options.validators) {
    const auto read = scenario::read_script(network_of(validators, options));
    if (const auto* error = std::get_if<scenario::script_error>(&read)) {
      result.why = error->what;
      return result;
    }
    const auto& script = std::get<scenario::script>(read);
    const auto begin = std::chrono::steady_clock::now();
    const auto done = scenario::run(script);
    result.rows.push_back({.validators = validators,
                           .authors = script.authors,
                           .virtual_s = static_cast<double>(done.virtual_ms) / 1'000,
                           .real_s = seconds_since(begin),
                           .messages = done.messages,
                           .deliveries = done.deliveries,
                           .jobs = done.jobs_answered});
    if (!done.passed)
      result.why = std::to_string(validators) + " validators: " +
                   (done.failure.empty() ? "the scenario failed" : done.failure);
  }
  return result;
}

}  // namespace datagen::bench
