#pragma once
// Audits at rule level, many at a time: who is drawn, who checks, what the table and the later
// stages decide, what it costs. Beside it the closed forms that the observed numbers must meet.

#include "protocol/audit/draw.hpp"
#include "protocol/audit/escalation.hpp"

#include <cmath>

namespace audit_odds {

using namespace datagen::protocol;

/// One setting: a validator that answers wrong with chance `cheat_ppm`, corrupt checkers that say
/// what a cheating validator says, and right otherwise.
struct cell {
  audit_mode mode = audit_mode::hardened;
  std::uint32_t rate_ppm = 10'000;
  std::uint32_t corrupt_permille = 0;
  std::uint32_t cheat_ppm = 100'000;
};

struct tally {
  std::uint64_t jobs = 0;
  std::uint64_t cheats = 0;
  std::uint64_t audits = 0;
  std::uint64_t first_checks = 0;  ///< By the three.
  std::uint64_t later_checks = 0;  ///< By a fifth, an escalation, a last stage.
  std::uint64_t convicted = 0;
  std::uint64_t wrongly_convicted = 0;
  amount lost;
};

/// The others that may check: equal stakes, one operator each, the first ones corrupt.
inline constexpr std::uint32_t others = 300;
inline constexpr std::uint32_t corrupt_of(const cell& x) { return others * x.corrupt_permille / 1'000; }

/// The parameters of a cell, whether the gates would let them pass or not.
inline parameters table_of(const cell& x) {
  auto p = x.mode == audit_mode::hardened ? default_preset() : whitepaper_preset();
  p.audit_rate_ppm = x.rate_ppm;
  return p;
}

class bench {
public:
  bench(const cell& x, std::uint64_t seed) : cell_(x), p_(table_of(x)), seed_(seed) {
    for (std::uint32_t i = 0; i < others; ++i)
      all_.push_back({{i + 1}, {hash("operator", i).value}, dg(1'000)});
  }

  tally run(std::uint64_t jobs) {
    constexpr std::uint32_t per_checkpoint = 10'000;
    for (; sum_.jobs < jobs; ++sum_.jobs) {
      const auto index = static_cast<std::uint32_t>(sum_.jobs % per_checkpoint);
      if (index == 0) {
        checkpoint_ = hash("checkpoint", seed_, sum_.jobs);
        beacon_ = hash("beacon", seed_, sum_.jobs);
      }
      const auto word = hash("cheat", seed_, sum_.jobs);
      const bool cheats = uniform_below(word, 1'000'000).value_or(0) < cell_.cheat_ppm;
      sum_.cheats += cheats;
      if (is_drawn(beacon_, checkpoint_, index, p_.audit_rate_ppm))
        audit(hash("job", seed_, sum_.jobs), cheats);
    }
    return sum_;
  }

private:
  const digest right_ = hash("right"), wrong_ = hash("wrong");

  bool corrupt(validator_id id) const { return id.value <= corrupt_of(cell_); }
  digest say(validator_id id, bool cheats) const { return cheats && corrupt(id) ? wrong_ : right_; }

  /// Draws `count` fresh checkers, each stage from a beacon of its own.
  std::vector<validator_id> draw(const job_id& job, std::uint32_t count) {
    const auto found = draw_checkers({hash("beacon", beacon_, job, draws_), job, draws_}, all_,
                                     seated_, count);
    ++draws_;
    for (const auto id : found)
      seated_.push_back(all_[id.value - 1].operator_account);
    return found;
  }

  void audit(const job_id& job, bool cheats) {
    ++sum_.audits;
    seated_.clear();
    draws_ = 0;
    const auto three = draw(job, p_.checkers);
    sum_.first_checks += three.size();
    const auto validator = cheats ? wrong_ : right_;
    audit_facts facts{.mode = p_.mode, .user = 1, .validator = 1, .refills_max = p_.refills_max};
    for (std::size_t i = 0; i < 3; ++i)
      facts.checkers[i] = say(three[i], cheats) == validator ? 1 : 2;
    auto outcome = decide(facts).outcome;
    if (outcome == audit_outcome::fifth) {
      facts.fifth = say(draw(job, 1)[0], cheats) == validator ? 1 : 2;
      ++sum_.later_checks;
      outcome = decide(facts).outcome;
    }
    if (outcome == audit_outcome::escalate)
      outcome = escalate(job, cheats, validator);
    if (outcome != audit_outcome::fault)
      return;
    ++sum_.convicted;
    sum_.wrongly_convicted += !cheats;
    sum_.lost += slash_amount(p_.minimum_stake, p_.minimum_stake, p_.slash_wrong_result_permille);
  }

  audit_outcome escalate(const job_id& job, bool cheats, const digest& validator) {
    std::vector<std::optional<digest>> answers;
    for (const auto id : draw(job, p_.escalation_committee))
      answers.push_back(say(id, cheats));
    sum_.later_checks += answers.size();
    const auto found = decide_escalation(p_, validator, answers);
    if (found.outcome != audit_outcome::escalate)
      return found.outcome;
    std::vector<stake_vote> votes;
    for (const auto& x : all_)
      votes.push_back({say(x.id, cheats), x.stake});
    sum_.later_checks += votes.size();
    return decide_last_stage(validator, votes, {dg(1'000).units * others}, true).outcome;
  }

  cell cell_;
  parameters p_;
  std::uint64_t seed_;
  std::vector<candidate> all_;
  digest checkpoint_, beacon_;
  std::vector<account_id> seated_;
  std::uint32_t draws_ = 0;
  tally sum_;
};

/// C(n, k) / C(m, k), both products of k factors.
inline double choose(double n, unsigned k) {
  double result = 1;
  for (unsigned i = 0; i < k; ++i)
    result *= (n - i) / (i + 1);
  return n < k ? 0 : result;
}

/// Chance that exactly `hits` of `drawn` out of `all` are among `marked` (hypergeometric).
inline double hypergeometric(double all, double marked, unsigned drawn, unsigned hits) {
  return choose(marked, hits) * choose(all - marked, drawn - hits) / choose(all, drawn);
}

/// d: the chance that a wrong result that is drawn convicts.
inline double conviction_chance(const cell& x) {
  const double n = others, c = corrupt_of(x);
  double escapes = 0;
  if (x.mode == audit_mode::whitepaper) {
    // Two or three accomplices pass it; one does where the fifth is another.
    escapes = hypergeometric(n, c, 3, 3) + hypergeometric(n, c, 3, 2) +
              hypergeometric(n, c, 3, 1) * (c - 1) / (n - 3);
    return 1 - escapes;
  }
  escapes = hypergeometric(n, c, 3, 3);
  for (unsigned k = 0; k < 3; ++k) {
    double captured = 0;
    for (unsigned hits = 7; hits <= 9; ++hits)
      captured += hypergeometric(n - 3, c - k, 9, hits);
    escapes += hypergeometric(n, c, 3, k) * captured;
  }
  return 1 - escapes;  // while honest others hold more than two thirds of the stake
}

/// How many standard deviations `seen` of `tries` lies off the chance `p`.
inline double deviations(std::uint64_t seen, std::uint64_t tries, double p) {
  const double mean = static_cast<double>(tries) * p;
  const double spread = std::sqrt(mean * (1 - p));
  return spread == 0 ? (static_cast<double>(seen) == mean ? 0 : 1e9)
                     : std::abs(static_cast<double>(seen) - mean) / spread;
}

/// All cells of the deterrence record.
inline std::vector<cell> all_cells() {
  std::vector<cell> result;
  for (const auto mode : {audit_mode::whitepaper, audit_mode::hardened})
    for (const std::uint32_t rate : {5'000u, 10'000u, 20'000u, 50'000u})
      for (const std::uint32_t corrupt : {0u, 110u, 220u, 330u})
        for (const std::uint32_t cheat : {100'000u, 1'000'000u})
          result.push_back({mode, rate, corrupt, cheat});
  return result;
}

/// Two-sided 1 % over all 64 cells together (Bonferroni): |z| of 1.56e-4 a cell.
inline constexpr double deviations_max = 3.78;

}  // namespace audit_odds
