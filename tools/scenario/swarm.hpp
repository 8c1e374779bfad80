#pragma once
// Scenarios that nobody wrote: each seed draws its own mix of places, faults and liars, no more than a
// third of any committee, lets all faults end, and demands that everyone is served again
// (reliability.md, "each seed draws its own mix of faults, not only its own dice").

#include <cstdint>
#include <string>

namespace datagen::scenario {

/// The scenario of a seed, as TOML: to be run, replayed, or made smaller.
std::string swarm_scenario(std::uint64_t seed);

}  // namespace datagen::scenario
