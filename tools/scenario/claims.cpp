#include "tools/scenario/claims.hpp"

#include <algorithm>
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
  fixed_claim{"emission is what the closed form says", claim::emission},
  fixed_claim{"every lock is returned", claim::locks_returned},
  fixed_claim{"every job is answered", claim::all_answered},
  fixed_claim{"honest users are served to the end", claim::served},
  fixed_claim{"self-dealing does not pay", claim::self_dealing_loses}};
constexpr std::array counted_claims{
  fixed_claim{"jobs are answered", claim::answered},
  fixed_claim{"checkpoints are settled", claim::checkpoints_settled},
  fixed_claim{"audits pass", claim::audits_passed},
  fixed_claim{"audits fail", claim::audits_failed},
  fixed_claim{"days are emitted", claim::days_emitted},
  fixed_claim{"Heavy committees are seated", claim::heavy_committees},
  fixed_claim{"Fast committees are seated", claim::fast_committees},
  fixed_claim{"DG are burned by votes", claim::burned}};
constexpr std::array most_claims{fixed_claim{"floods are answered", claim::floods_answered}};

template <class Claims>
std::string sentences(const Claims& known) {
  std::string result;
  for (const auto& x : known)
    result += "'" + std::string{x.sentence} + "', ";
  return result;
}

constexpr const char* verdict_expected =
  "an outcome (pass, fault, void, undetermined, canary, or a step: fifth, replace, escalate) or a "
  "rule (a, b, c, d, e, n1, n2, n2x, n3, n3p, h1, h2, k)";
constexpr std::string_view outcomes =
  " pass fault void undetermined canary fifth replace escalate ";
constexpr std::string_view rules = " a b c d e n1 n2 n2x n3 n3p h1 h2 k ";
constexpr std::string_view ends_of_votes = " passed rejected no_quorum lapsed ";

bool is_one_of(std::string_view all, std::string_view x) {
  return all.find(" " + std::string{x} + " ") != std::string_view::npos;
}

bool may_be_always(const expectation& x) {
  return x.what <= claim::emission ||
         (x.negated && x.what != claim::paired && x.what != claim::proposal_ended);
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
  if (!line.take_all("verdicts are")) {
    const auto expected = sentences(counted_claims) + "or 'verdicts are RULE [OUTCOME]'";
    line.fail(line.take(expected), expected);
  }
  x.what = claim::verdicts;
  const auto first = line.take(verdict_expected);
  const bool rule = is_one_of(rules, first.text);
  if (!rule && !is_one_of(outcomes, first.text))
    line.fail(first, verdict_expected);
  x.word = first.text;
  if (const auto* second = line.peek(); rule && second && is_one_of(outcomes, second->text))
    x.word += " " + std::string{line.take(verdict_expected).text};
}

void read_most(line_reader& line, expectation& x) {
  line.need("most");
  x.count = line.number("a number");
  if (!take_fixed(line, most_claims, x.what))
    line.fail(line.take("'floods are answered'"), "'floods are answered'");
}

void read_proposal(line_reader& line, expectation& x) {
  x.what = claim::proposal_ended;
  x.count = line.number("the number of a proposal");
  line.need("is");
  x.negated = line.take_if("not");
  const auto outcome = line.take("passed, rejected, no_quorum or lapsed");
  if (!is_one_of(ends_of_votes, outcome.text))
    line.fail(outcome, "passed, rejected, no_quorum or lapsed");
  x.word = outcome.text;
}

void read_row(line_reader& line, expectation& x) {
  x.what = claim::row;
  const auto name = line.take("the name of a parameter");
  const auto rows = protocol::parameter_rows({});
  if (std::none_of(rows.begin(), rows.end(), [&](const auto& r) { return r.name == name.text; }))
    line.fail(name, "the name of a parameter");
  x.word = name.text;
  line.need("is");
  x.negated = line.take_if("not");
  x.value = line.take("its value").text;
}

void read_fate(line_reader& line, expectation& x) {
  const std::string expected = x.who.kind == 'u'   ? "'paired with' or 'fined'"
                               : x.who.kind == 'v' ? "'slashed', 'expelled' or 'down'"
                                                   : "'slashed' or 'down'";
  x.negated = line.take_if("not");
  const auto fate = line.take(expected);
  if (x.who.kind != 'u' && fate.text == "down") {
    x.what = claim::down;
  } else if (x.who.kind != 'u' && fate.text == "slashed") {
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
  if (line.take_if("at")) {
    if (line.peek() && line.peek()->text == "most")
      read_most(line, x);
    else
      read_counted(line, x);
  }
  else if (line.take_if("proposal"))
    read_proposal(line, x);
  else if (line.take_if("row"))
    read_row(line, x);
  else if (party) {
    x.who = line.one("vuh", "a validator (v0), a Heavy author (h0) or a user (u0)");
    line.need("is");
    read_fate(line, x);
  } else if (!take_fixed(line, fixed_claims, x.what))
    line.fail(*first, sentences(fixed_claims) + "'at least N …', 'proposal N is …', 'row NAME is …' or a party");
  line.end();
  if (x.when == judged::always && !may_be_always(x))
    throw script_failure{x.at, "this cannot hold from the start: say 'within TIME' or 'finally'"};
}

}  // namespace datagen::scenario
