#pragma once
// The later stages of a hardened audit (protocol.md section 3, h2): up to nine fresh checkers, then
// all admitted validators by stake.

#include "protocol/audit/verdict.hpp"

namespace datagen::protocol {

/// What a later stage found.
struct stage_verdict {
  /// pass, fault, undetermined; escalate = go on to the last stage, or, there, still open.
  audit_outcome outcome = audit_outcome::escalate;
  /// The digest that won. Everyone who gave another pays `wrong_check` and shares the costs.
  std::optional<digest> truth;
  friend bool operator==(const stage_verdict&, const stage_verdict&) = default;
};

/// How many of `present` checkers must name one digest: ceil(quorum/committee * present), which is
/// ceil(7/9 * present) by default.
std::uint32_t escalation_votes_needed(const parameters& p, std::uint32_t present);

/// Second stage: with at least `escalation_quorum` of the seats present, the votes needed on one
/// digest decide; otherwise the last stage must.
stage_verdict decide_escalation(const parameters& p, const digest& validator,
                                std::span<const std::optional<digest>> seats);

struct stake_vote {
  digest result;
  amount stake;  ///< In the snapshot the stage was opened with.
};

/// Last stage: more than two thirds of `eligible` stake on one digest decide. `eligible` counts
/// every admitted validator but the audited one's operator, voting or not. Before the deadline the
/// stage stays open (escalate); at the deadline it ends undetermined.
/// @pre one vote per validator, stakes within `eligible`
stage_verdict decide_last_stage(const digest& validator, std::span<const stake_vote> votes,
                                amount eligible, bool deadline_passed);

}  // namespace datagen::protocol
