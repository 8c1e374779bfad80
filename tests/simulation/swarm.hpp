#pragma once
// Swarm testing (Groce et al., ISSTA 2012): each seed draws which faults its run mixes, then their
// numbers. Chaos first; then the network heals and everybody must get to the top.

#include "tests/simulation/simulation.hpp"

namespace datagen::simulation {

/// What to draw freely (0) and what to hold fixed.
struct swarm_request {
  std::uint64_t seed = 1;
  std::size_t n = 0;
  std::uint32_t wave = 0;
  bool twins = false;  ///< Authors that run twice under splits (`twins.hpp`), nothing else.
};

struct swarm_result {
  verdict found = verdict::pass;
  std::string why;                  ///< The rule that broke, or what was missing; "" for a pass.
  std::string mix;                  ///< The faults drawn, in words.
  std::vector<std::string> faults;  ///< Their kinds, for statistics.
  std::size_t n = 0;
  std::uint32_t wave = 0;
  commit_index height = 0;
  std::size_t vertices = 0;
  std::uint64_t fingerprint = 0;  ///< Equal for equal seeds.
};

/// Plays one seed.
swarm_result play(const swarm_request& request);

/// Fills in what a run came to; `found` and what was drawn are set already.
void describe_end(const simulation& net, swarm_result& result);

}  // namespace datagen::simulation
