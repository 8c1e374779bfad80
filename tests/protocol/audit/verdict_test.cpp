#include "protocol/audit/verdict.hpp"

#include <functional>

using namespace datagen::protocol;

namespace {

/// Every pattern of `slots` slots, each absent or a digest, up to renaming of digests.
std::vector<std::vector<digest_label>> patterns(std::size_t slots) {
  std::vector<std::vector<digest_label>> result{{}};
  for (std::size_t i = 0; i < slots; ++i) {
    std::vector<std::vector<digest_label>> longer;
    for (const auto& x : result) {
      const int top = x.empty() ? 0 : *std::max_element(x.begin(), x.end());
      for (int label = 0; label <= top + 1; ++label) {
        longer.push_back(x);
        longer.back().push_back(static_cast<digest_label>(label));
      }
    }
    result = std::move(longer);
  }
  return result;
}

audit_facts facts_of(const std::vector<digest_label>& x) {
  audit_facts result{.user = x[0], .validator = x[1], .checkers = {x[2], x[3], x[4]}};
  if (x.size() == 6)
    result.fifth = x[5];
  return result;
}

/// Calls visit for the whole domain: both modes, 203 + 877 patterns, receipt, input, refills.
void visit_domain(const std::function<void(const audit_facts&)>& visit) {
  for (const std::size_t slots : {5u, 6u})
    for (const auto& pattern : patterns(slots))
      for (unsigned flags = 0; flags < 24; ++flags) {
        auto x = facts_of(pattern);
        x.mode = (flags & 1) != 0 ? audit_mode::hardened : audit_mode::whitepaper;
        x.receipt = (flags & 2) != 0;
        x.input_unavailable = (flags & 4) != 0;
        x.refills_used = flags / 8;
        visit(x);
      }
}

struct expected {
  std::string outcome;
  std::set<std::string> pays;
};

/// An oracle that counts camps instead of walking the table of section 3.
expected by_camps(const audit_facts& x) {
  const auto p = x.validator, u = x.user;
  if (x.input_unavailable || p == 0 || (u != 0 && u != p && x.receipt))
    return {"fault", {"validator"}};
  const bool spoiled = u != 0 && u != p, whitepaper = x.mode == audit_mode::whitepaper;
  std::set<std::string> pays;
  if (spoiled)
    pays.insert("user");
  if (spoiled && whitepaper)
    return {"void", pays};
  std::map<std::string, digest_label> voices = {
    {"checker1", x.checkers[0]}, {"checker2", x.checkers[1]}, {"checker3", x.checkers[2]}};
  const auto camp = [&voices](digest_label label) {
    return std::count_if(voices.begin(), voices.end(),
                         [label](const auto& v) { return v.second == label; });
  };
  const bool parity = camp(0) == 0 && camp(p) == 1 && whitepaper;
  if (camp(0) > 0 || (parity && x.fifth == digest_label{0}))
    return {x.refills_used < 2 ? "replace" : whitepaper ? "undetermined" : "escalate", pays};
  if (!whitepaper)
    return {camp(p) == 3 ? "pass" : "escalate", pays};
  if (parity && !x.fifth)
    return {"fifth", pays};
  if (parity)
    voices["checker5"] = *x.fifth;
  digest_label truth = camp(p) >= 2 ? p : 0;
  for (const auto& [name, label] : voices)
    if (truth == 0 && label != p && camp(label) >= 2)
      truth = label;
  if (truth == 0)
    return {"undetermined", pays};
  voices["validator"] = p;
  for (const auto& [name, label] : voices)
    if (label != truth)
      pays.insert(name);
  return {truth == p ? "pass" : "fault", pays};
}

std::set<std::string> payers_of(const verdict& v) {
  std::set<std::string> result;
  for (std::uint8_t i = 0; i < payer_count; ++i)
    if (v.pays(static_cast<payer>(i)))
      result.insert(to_string(static_cast<payer>(i)));
  return result;
}

}  // namespace

TEST_CASE("R19 verdict: there are 203 patterns of five slots and 877 of six") {
  CHECK(patterns(5).size() == 203);
  CHECK(patterns(6).size() == 877);
}

TEST_CASE("R19 verdict: every input has the outcome that an oracle counting camps expects") {
  std::size_t seen = 0, wrong = 0;
  visit_domain([&](const audit_facts& x) {
    const auto got = decide(x);
    const auto want = by_camps(x);
    ++seen;
    if (to_string(got.outcome) != want.outcome || payers_of(got) != want.pays)
      ++wrong;
  });
  CHECK(seen == (203 + 877) * 24);
  CHECK(wrong == 0);
}

TEST_CASE("R19 verdict: permuting the checkers permutes who pays and changes nothing else") {
  std::size_t wrong = 0;
  visit_domain([&](const audit_facts& x) {
    const auto base = decide(x);
    std::array<std::size_t, 3> order = {0, 1, 2};
    do {
      auto y = x;
      for (std::size_t i = 0; i < 3; ++i)
        y.checkers[i] = x.checkers[order[i]];
      const auto moved = decide(y);
      bool same = moved.outcome == base.outcome && moved.rule == base.rule &&
                  moved.validator_offence == base.validator_offence;
      for (auto who : {payer::validator, payer::checker5, payer::user})
        same = same && moved.pays(who) == base.pays(who);
      for (std::size_t i = 0; i < 3; ++i)
        same = same &&
               moved.pays(static_cast<payer>(1 + i)) == base.pays(static_cast<payer>(1 + order[i]));
      wrong += same ? 0 : 1;
    } while (std::next_permutation(order.begin(), order.end()));
  });
  CHECK(wrong == 0);
}

TEST_CASE("R19 verdict: renaming digests changes nothing") {
  std::size_t wrong = 0;
  visit_domain([&](const audit_facts& x) {
    auto y = x;
    const auto rename = [](digest_label label) {
      return static_cast<digest_label>(label == 0 ? 0 : 255 - 3 * label);
    };
    y.user = rename(x.user), y.validator = rename(x.validator);
    for (auto& c : y.checkers)
      c = rename(c);
    if (x.fifth)
      y.fifth = rename(*x.fifth);
    wrong += decide(y) == decide(x) ? 0 : 1;
  });
  CHECK(wrong == 0);
}

TEST_CASE("R19 verdict: only who gave an answer pays for a wrong one, and an absent user never") {
  visit_domain([](const audit_facts& x) {
    const auto v = decide(x);
    const bool guilty = v.outcome == audit_outcome::fault;
    REQUIRE(v.pays(payer::validator) == guilty);
    REQUIRE((v.validator_offence != offence::none) == guilty);
    if (x.user == 0 || x.user == x.validator || x.receipt || x.input_unavailable)
      REQUIRE_FALSE(v.pays(payer::user));
    if (!x.fifth || x.mode == audit_mode::hardened)
      REQUIRE_FALSE(v.pays(payer::checker5));
    for (std::size_t i = 0; i < 3; ++i)
      if (x.checkers[i] == 0)
        REQUIRE_FALSE(v.pays(static_cast<payer>(1 + i)));
  });
}

TEST_CASE("R19 verdict: a hardened audit never convicts on the checkers' word alone") {
  visit_domain([](const audit_facts& x) {
    if (x.mode != audit_mode::hardened)
      return;
    const auto v = decide(x);
    if (v.outcome == audit_outcome::fault)
      REQUIRE((v.rule == audit_rule::a || v.rule == audit_rule::b || v.rule == audit_rule::c));
    REQUIRE(v.outcome != audit_outcome::void_audit);
    REQUIRE(v.outcome != audit_outcome::fifth);
  });
}

TEST_CASE("R19 verdict: a served validator is never convicted where U, P and two checkers agree") {
  visit_domain([](const audit_facts& x) {
    const auto agree = std::count(x.checkers.begin(), x.checkers.end(), x.validator);
    if (x.validator != 0 && !x.input_unavailable && x.user == x.validator && agree >= 2)
      REQUIRE_FALSE(decide(x).pays(payer::validator));
  });
}

TEST_CASE("verdict: labels follow equality and first appearance") {
  const digest a{{1}}, b{{2}};
  const std::vector<std::optional<digest>> slots = {b, std::nullopt, a, b, a};
  CHECK(labels_of(slots) == std::vector<digest_label>{1, 0, 2, 1, 2});
}

TEST_CASE("verdict: an encoded verdict with an unknown payer does not decode") {
  auto v = decide(audit_facts{.validator = 1, .checkers = {1, 1, 1}});
  CHECK(decode<verdict>(encode(v)) == v);
  v.paying = 1 << 6;
  CHECK_FALSE(decode<verdict>(encode(v)));
}
