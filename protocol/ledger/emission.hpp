#pragma once
// The release of the mining reserve (protocol.md section 4, whitepaper L398-401): a pure function
// of elapsed days, exact to the last unit.

#include "protocol/types.hpp"

namespace datagen::protocol {

inline constexpr amount emission_total = dg(15'000'000);
inline constexpr amount emission_first_rate = dg(4'560);  ///< Per day, before the first halving.
inline constexpr std::uint64_t emission_halving_days = 1'095;
inline constexpr std::uint32_t emission_halvings = 6;
/// Day whose release (22.5 DG) empties the reserve, in the year 2240.
inline constexpr std::uint64_t emission_last_day = 79'127;
inline constexpr std::uint64_t seconds_per_day = 86'400;

/// The reserve after N daily releases.
struct emission_state {
  std::uint64_t day = 0;  ///< N
  amount released;
  amount remaining;
  amount rate;  ///< Released on day N; zero for N = 0.
  friend bool operator==(const emission_state&, const emission_state&) = default;
};

/// Sum of the first `day` daily releases: day 1 to 1095 pay 4560 DG, each further 1095 days half of
/// it, from day 6571 on 71.25 DG, until 15,000,000 DG are out.
amount emission_released(std::uint64_t day);

emission_state emission_after(std::uint64_t day);

/// When the first release falls: as configured, or at genesis where that says 0.
constexpr std::uint64_t emission_start(std::uint64_t configured_unix, std::uint64_t genesis_ms) {
  return configured_unix != 0 ? configured_unix : genesis_ms / 1'000;
}

/// Daily releases made by `now_unix`: day 1 falls at `start_unix` itself, each further day 86,400 s
/// later; none before.
std::uint64_t emission_day_at(std::uint64_t now_unix, std::uint64_t start_unix);

}  // namespace datagen::protocol
