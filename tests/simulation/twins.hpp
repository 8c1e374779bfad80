#pragma once
// Twins (Bano et al., OPODIS 2021): two processes with one author's key, unmodified code, and a network
// that splits everybody differently again and again; then it heals and all must get to the top.

#include "tests/simulation/swarm.hpp"

namespace datagen::simulation {

struct twins_plan {
  simulation_options options;             ///< Sizes, seed, and who is doubled.
  std::vector<std::set<member_id>> sides;  ///< Who is on one side of each split, one after the other.
};

/// The members whose bit is set.
std::set<member_id> side_of(std::uint64_t bits, std::size_t members);

/// n = 4 or 7 where the request leaves it open, one to f doubled authors, one to six splits.
twins_plan draw_twins(const swarm_request& request);

/// Plays twelve rounds or so under the plan's splits, then heals.
swarm_result play(const twins_plan& plan);

}  // namespace datagen::simulation
