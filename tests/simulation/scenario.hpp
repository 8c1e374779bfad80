#pragma once
// Short words for scenario tests.

#include "tests/simulation/simulation.hpp"

#include <doctest/doctest.h>

namespace datagen::simulation {

/// The plain run of scenario tests: w alternates with the seed.
inline simulation_options plain(std::size_t n, std::uint64_t seed) {
  simulation_options o;
  o.n = n;
  o.seed = seed;
  o.params.wave = seed % 2 ? 4 : 5;
  return o;
}

/// A network as steady as a metronome: rounds take 10 ms, records and blocks no time.
inline simulation_options metronome(std::size_t n, std::uint32_t wave) {
  simulation_options o;
  o.n = n;
  o.params.wave = wave;
  o.delay_min_ms = o.delay_max_ms = 10;
  o.write_max_ms = o.execute_max_ms = 0;
  return o;
}

/// f authors, spread by the seed.
inline std::vector<author_index> some_f(std::size_t n, std::uint64_t seed) {
  std::vector<author_index> result;
  for (std::size_t i = 0; i < (n - 1) / 3; ++i)
    result.push_back(static_cast<author_index>((seed + 2 * i) % n));
  return result;
}

/// Heals, then demands that everybody gets to the top within `limit_ms`, `least` blocks high.
inline void expect_convergence(simulation& net, commit_index least = 5,
                               std::uint64_t limit_ms = 4000) {
  net.heal();
  const auto found = net.settle(limit_ms);
  INFO("seed " << net.options().seed << ", n " << net.options().n << ", w "
               << net.options().params.wave);
  CHECK_MESSAGE(net.broken() == "", net.broken());
  CHECK(to_text(found) == "pass");
  CHECK(net.lowest_commit() >= least);
}

}  // namespace datagen::simulation
