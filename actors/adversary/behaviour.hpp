#pragma once
// How a party departs from what its roles do, on development chains only. Nothing in a role or a rule
// knows of it: a behaviour stands where the party meets the others (`bent_wire`) or its devices
// (`bent_worker`).

#include "actors/adversary/deeds.hpp"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace datagen {

enum class conduct : std::uint8_t {
  lie_on_result,    ///< Validator: returns wrong results, and appeals when it is convicted.
  collude,          ///< Validator: the same; who is in its ring confirms the lie as a checker.
  lazy_copy,        ///< Checker: hands in what the checked validator returned, right or wrong.
  equivocate,       ///< Validator: gives the user one receipt, the chain another.
  double_vote,      ///< Author: shows half of its peers another vertex of the same round.
  withhold,         ///< Validator: opens no commitment, hands out no input.
  echo_cheat,       ///< Validator: answers an Echo at once, with something.
  forge_user_hash,  ///< User: acknowledges another result than it was given.
  bad_input,        ///< User: sends other bytes than its ticket names.
  delay,            ///< Anyone: says everything late.
  drop_to,          ///< Anyone: says nothing to some.
  garbage_bytes,    ///< Anyone: bytes of what it sends are changed.
  replay,           ///< Anyone: says things again, later.
  clock_skew,       ///< Anyone: its Unix time is wrong.
  err_on_check,     ///< Checker: hands in a wrong result of its own, unlike anybody else's.
  keep_shares,      ///< Heavy author: gives no share of the draws' beacons.
  twin,             ///< Author, validator: runs twice with the same keys.
  self_deal,        ///< User: tells Heavy of no Echo answer but its own operator's.
};
const char* to_string(conduct x);

struct behaviour {
  conduct what = conduct::lie_on_result;
  std::uint64_t share_ppm = 1'000'000;  ///< Of the occasions; the same ones in every run.
  std::uint64_t from_ms = 0;            ///< Monotonic time at which it begins.
  std::int64_t by_ms = 0;               ///< `delay`, `clock_skew`.
  std::function<bool(const peer&)> to;  ///< `drop_to`: whom.
  std::set<std::uint32_t> ring;  ///< `collude`: validators, the liar among them; `self_deal`: its own.
  std::shared_ptr<deeds> done;  ///< Told of every deed; null where nobody counts.

  bool active(std::uint64_t monotonic_ms) const { return monotonic_ms >= from_ms; }
};

/// Tells whoever counts that `who` did `x` to `what`.
void note(const behaviour& x, const peer& who, const deeds::name& what);

/// Is `occasion`, any bytes that name it, one of the share?
bool happens(const behaviour& x, std::string_view occasion);

}  // namespace datagen
