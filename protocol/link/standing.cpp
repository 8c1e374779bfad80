#include "protocol/link/standing.hpp"

#include <algorithm>

namespace datagen::protocol::link {

namespace {

constexpr std::uint32_t malice = 100, suspicion = 25, clumsiness = 10, doubt = 1;

void decay(standing& x, std::uint64_t now_ms, const standing_rules& rules) {
  if (now_ms <= x.counted_ms)
    return;
  const auto steps = (now_ms - x.counted_ms) / rules.decay_ms;
  if (steps >= x.points) {
    x.points = 0;
    x.counted_ms = now_ms;
    return;
  }
  x.points -= static_cast<std::uint32_t>(steps);
  x.counted_ms += steps * rules.decay_ms;  // the rest of a step is not lost
}

std::uint64_t length_of_ban(std::uint32_t bans_before, const standing_rules& rules) {
  auto result = rules.ban_ms;
  for (std::uint32_t i = 0; i < bans_before && result < rules.ban_max_ms; ++i)
    result = std::min(2 * result, rules.ban_max_ms);
  return result;
}

}  // namespace

std::uint32_t points_of(refusal x) {
  switch (x) {
    case refusal::replayed_frame:
    case refusal::reordered_frame:
    case refusal::over_credit:
    case refusal::bad_credit:
    case refusal::foreign_sender:
    case refusal::bad_proof:
    case refusal::bad_record:
    case refusal::message_too_large:
    case refusal::frame_too_large:
    case refusal::malformed_frame:
      return malice;
    case refusal::malformed_hello:
    case refusal::malformed_message:
    case refusal::foreign_receiver:
    case refusal::not_websocket:
      return suspicion;
    case refusal::not_tls:
    case refusal::bad_certificate:
    case refusal::unknown_key:
    case refusal::too_slow:
    case refusal::wrong_version:
    case refusal::wrong_genesis:
    case refusal::wrong_chain:
    case refusal::twin:
      return clumsiness;
    case refusal::hung_up:
      return doubt;
    case refusal::none:
    case refusal::handshakes_full:
    case refusal::address_handshakes_full:
    case refusal::links_full:
    case refusal::address_banned:
    case refusal::wrong_identity:
    case refusal::banned:
    case refusal::no_room:
    case refusal::replaced:
    case refusal::crossed:
    case refusal::idle:
      return 0;
  }
  return 0;
}

bool is_banned(const standing& x, std::uint64_t now_ms) { return now_ms < x.banned_until_ms; }

standing after(standing x, refusal what, std::uint64_t now_ms, const standing_rules& rules) {
  decay(x, now_ms, rules);
  if (x.points == 0)
    x.counted_ms = std::max(x.counted_ms, now_ms);
  x.points += points_of(what);
  if (x.points < rules.ban_points)
    return x;
  if (now_ms > x.banned_until_ms + rules.forget_ms)
    x.bans = 0;
  x.banned_until_ms = now_ms + length_of_ban(x.bans, rules);
  ++x.bans;
  x.points = 0;
  return x;
}

bool is_clean(const standing& x, std::uint64_t now_ms, const standing_rules& rules) {
  auto later = x;
  decay(later, now_ms, rules);
  return later.points == 0 && (x.bans == 0 || (now_ms > x.banned_until_ms &&
                                               now_ms - x.banned_until_ms > rules.forget_ms));
}

}  // namespace datagen::protocol::link
