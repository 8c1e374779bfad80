#pragma once
// The score of a peer, in whole points. Offences add points, time takes them away, and whoever
// gathers too many is left alone for a while, longer each time.

#include "protocol/link/refusal.hpp"

namespace datagen::protocol::link {

struct standing_rules {
  std::uint32_t ban_points = 100;        ///< Reaching them is a ban.
  std::uint64_t decay_ms = 6'000;        ///< Each takes one point away.
  std::uint64_t ban_ms = 30'000;         ///< The first ban; each further one twice as long,
  std::uint64_t ban_max_ms = 3'600'000;  ///< up to this,
  std::uint64_t forget_ms =
    86'400'000;  ///< and after so long without one they count from the first.
};

struct standing {
  std::uint32_t points = 0;
  std::uint64_t counted_ms = 0;  ///< Until when decay is in `points`.
  std::uint32_t bans = 0;
  std::uint64_t banned_until_ms = 0;
  friend auto operator<=>(const standing&, const standing&) = default;
};

/// Points of one offence: what only malice does costs a ban at once, what a bug or an old release
/// does costs several tries, what a bad network does costs nothing.
std::uint32_t points_of(refusal x);

bool is_banned(const standing& x, std::uint64_t now_ms);

/// `x` after `what` at `now_ms`. A clock that goes backwards takes nothing away.
standing after(standing x, refusal what, std::uint64_t now_ms, const standing_rules& rules);

/// True when forgetting `x` changes nothing: no points, no ban in memory.
bool is_clean(const standing& x, std::uint64_t now_ms, const standing_rules& rules);

}  // namespace datagen::protocol::link
