#include "tools/scenario/claims.hpp"

#include <array>

namespace datagen::scenario {

namespace {

struct fixed_claim {
  std::string_view sentence;
  claim what;
};
constexpr std::array fixed_claims{
  fixed_claim{"supply is conserved", claim::supply_conserved},
  fixed_claim{"no two blocks at one height", claim::no_fork},
  fixed_claim{"no honest validator is slashed", claim::honest_unharmed},
  fixed_claim{"no job is paid twice", claim::nothing_paid_twice},
  fixed_claim{"every job is answered", claim::all_answered},
  fixed_claim{"honest users are served to the end", claim::served},
  fixed_claim{"self-dealing does not pay", claim::self_dealing_loses}};
constexpr std::array counted_claims{
  fixed_claim{"jobs are answered", claim::answered},
  fixed_claim{"checkpoints are settled", claim::checkpoints_settled},
  fixed_claim{"audits pass", claim::audits_passed},
  fixed_claim{"audits fail", claim::audits_failed}};

constexpr const char* counted_expected =
  "'jobs are answered', 'checkpoints are settled', 'audits pass', 'audits fail' or 'verdicts are "
  "RULE'";
constexpr const char* claim_expected =
  "'supply is conserved', 'no two blocks at one height', 'no honest validator is slashed', 'no job "
  "is paid twice', 'every job is answered', 'honest users are served to the end', 'self-dealing does not pay', 'at least N …' or a party";

bool may_be_always(const expectation& x) {
  return x.what <= claim::nothing_paid_twice || (x.negated && x.what != claim::paired);
}

template <class Claims>
bool take_fixed(line_reader& line, const Claims& known, claim& to) {
  for (const auto& x : known)
    if (line.take_all(x.sentence)) {
      to = x.what;
      return true;
    }
  return false;
}

void read_counted(line_reader& line, expectation& x) {
  line.need("least");
  x.count = line.number("a number");
  if (take_fixed(line, counted_claims, x.what))
    return;
  if (!line.take_all("verdicts are"))
    line.fail(line.take(counted_expected), counted_expected);
  x.what = claim::verdicts;
  x.word = line.take("an outcome (pass, fault, void, undetermined) or a rule (h1, n2, …)").text;
}

void read_fate(line_reader& line, expectation& x) {
  const std::string expected = x.who.kind == 'u'   ? "'paired with' or 'fined'"
                               : x.who.kind == 'v' ? "'slashed' or 'expelled'"
                                                   : "'slashed'";
  x.negated = line.take_if("not");
  const auto fate = line.take(expected);
  if (x.who.kind != 'u' && fate.text == "slashed") {
    x.what = claim::slashed;
    if (x.who.kind == 'v' && line.take_if("for"))
      x.word = line.take("a reason: wrong_result, withheld, equivocated, wrong_check …").text;
  } else if (x.who.kind == 'v' && fate.text == "expelled") {
    x.what = claim::expelled;
  } else if (x.who.kind == 'u' && fate.text == "fined") {
    x.what = claim::fined;
  } else if (x.who.kind == 'u' && fate.text == "paired") {
    line.need("with");
    x.what = claim::paired;
    x.with = line.one("v", "a validator (v0)");
  } else {
    line.fail(fate, expected);
  }
}

}  // namespace

void read_claim(line_reader& line, expectation& x) {
  const auto* first = line.peek();
  if (!first)
    line.fail_at_end("a claim");
  const bool party = first->text.size() >= 2 && first->text[1] >= '0' && first->text[1] <= '9';
  if (line.take_if("at"))
    read_counted(line, x);
  else if (party) {
    x.who = line.one("vuh", "a validator (v0), a Heavy author (h0) or a user (u0)");
    line.need("is");
    read_fate(line, x);
  } else if (!take_fixed(line, fixed_claims, x.what))
    line.fail(*first, claim_expected);
  line.end();
  if (x.when == judged::always && !may_be_always(x))
    throw script_failure{x.at, "this cannot hold from the start: say 'within TIME' or 'finally'"};
}

}  // namespace datagen::scenario
