#include "protocol/audit/escalation.hpp"

namespace datagen::protocol {

namespace {

stage_verdict decided(const digest& validator, const digest& truth) {
  return {truth == validator ? audit_outcome::pass : audit_outcome::fault, truth};
}

}  // namespace

std::uint32_t escalation_votes_needed(const parameters& p, std::uint32_t present) {
  const std::uint64_t product = std::uint64_t{p.escalation_quorum} * present;
  return static_cast<std::uint32_t>((product + p.escalation_committee - 1) /
                                    p.escalation_committee);
}

stage_verdict decide_escalation(const parameters& p, const digest& validator,
                                std::span<const std::optional<digest>> seats) {
  std::map<digest, std::uint32_t> votes;
  std::uint32_t present = 0;
  for (const auto& seat : seats)
    if (seat)
      ++votes[*seat], ++present;
  if (present < p.escalation_quorum)
    return {};
  for (const auto& [result, count] : votes)  // a quorum above 2/3: at most one can reach it
    if (count >= escalation_votes_needed(p, present))
      return decided(validator, result);
  return {};
}

stage_verdict decide_last_stage(const digest& validator, std::span<const stake_vote> votes,
                                amount eligible, bool deadline_passed) {
  std::map<digest, amount> stakes;
  amount cast;
  for (const auto& vote : votes) {
    stakes[vote.result] += vote.stake;
    cast += vote.stake;
  }
  invariant(cast <= eligible, "more stake voted than was eligible");
  for (const auto& [result, stake] : stakes)
    // stake > floor(2/3 eligible) says the same as 3 stake > 2 eligible, in integers.
    if (stake.units > mul_div(eligible.units, 2, 3))
      return decided(validator, result);
  return {deadline_passed ? audit_outcome::undetermined : audit_outcome::escalate, std::nullopt};
}

}  // namespace datagen::protocol
