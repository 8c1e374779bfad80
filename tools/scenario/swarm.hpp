#pragma once
// Scenarios that nobody wrote: each seed draws its own mix of places, faults and liars, no more than a
// third of any committee, lets all faults end, and demands that everyone is served again
// (reliability.md, "each seed draws its own mix of faults, not only its own dice").

#include <cstdint>
#include <string>

namespace datagen::scenario {

inline constexpr std::uint64_t swarm_stop_ms = 90'000;
inline constexpr std::uint64_t swarm_stop_ms_min = 45'000;  ///< Less would be no time to heal.

/// The scenario of a seed, as TOML: to be run, replayed, or made smaller. Faults come in the first
/// half of `stop_ms` of virtual time. Runs below `swarm_stop_ms` have smaller committees. One seed of a
/// hundred has real cryptography.
std::string swarm_scenario(std::uint64_t seed, std::uint64_t stop_ms = swarm_stop_ms);

}  // namespace datagen::scenario
