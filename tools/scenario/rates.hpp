#pragma once
// How often each kind of adversary is drawn, convicted and fined, beside what the closed forms say
// (protocol.md sections 3 and 4); and how often somebody honest is.

#include "tools/scenario/confidence.hpp"
#include "tools/scenario/run.hpp"

namespace datagen::scenario {

struct rates_wish {
  std::uint64_t seed = 1;
  std::uint64_t seeds = 1;          ///< Runs of each adversary.
  std::uint32_t rate_percent = 20;  ///< Of leaves that are audited.
  std::string only;                 ///< Names that begin so; empty: all.
};

/// What one kind of adversary did in all its runs, and what came of it.
struct rates_row {
  std::string name;
  std::uint64_t runs = 0;
  std::uint64_t caught = 0;     ///< Runs that took its stake or bond.
  std::uint64_t deeds = 0;
  std::uint64_t decided = 0;    ///< Deeds whose leaf went through the draw.
  std::uint64_t drawn = 0;
  std::uint64_t tried = 0;      ///< Deeds whose audit has ended.
  std::uint64_t convicted = 0;  ///< By that audit.
  bool is_drawn = false;        ///< Its deeds wait for the draw, and the draw alone finds them.
  bool is_tried = false;        ///< Audits find its deeds.
  double detection = 1;         ///< d: chance that a drawn deed is convicted.
  double lost_dg = 0;           ///< Stake taken of adversaries.
  moments lost_expected;        ///< The same by p, d, slash and stake.
  std::uint64_t audits = 0;     ///< Ended, of all jobs.
  std::uint64_t false_audits = 0;  ///< Those that made somebody honest pay.
  std::uint64_t harmed = 0;        ///< Honest parties that lost stake or bond, by whatever rule.
  std::uint64_t jobs_sent = 0;
  std::uint64_t jobs_answered = 0;
  std::vector<std::string> broken;  ///< Claims that did not hold.
};

/// Runs what `x` asks for; tells each row as it is ready. @returns an empty string, or why it could not
std::string rates(const rates_wish& x, const std::function<void(const rates_row&)>& tell);

void print_head(std::ostream& to, const rates_wish& x);
void print(std::ostream& to, const rates_wish& x, const rates_row& row);

}  // namespace datagen::scenario
