#include "protocol/audit/verdict.hpp"

#include <algorithm>

namespace datagen::protocol {

namespace {

constexpr std::uint8_t bit(payer x) { return static_cast<std::uint8_t>(1u << static_cast<int>(x)); }

constexpr payer seat(std::size_t checker) {
  return static_cast<payer>(static_cast<std::size_t>(payer::checker1) + checker);
}

verdict fault_of_validator(audit_rule rule, offence what) {
  return {audit_outcome::fault, rule, what, bit(payer::validator)};
}

/// Rule e: seats are refilled while refills are left, then the mode's way out.
verdict no_show(const audit_facts& x) {
  if (x.refills_used < x.refills_max)
    return {audit_outcome::replace, audit_rule::e};
  return {x.mode == audit_mode::hardened ? audit_outcome::escalate : audit_outcome::undetermined,
          audit_rule::e};
}

/// The three checkers whose digest is not `truth`, as payers.
std::uint8_t off(const audit_facts& x, digest_label truth) {
  std::uint8_t result = 0;
  for (std::size_t i = 0; i < 3; ++i)
    if (x.checkers[i] != truth)
      result |= bit(seat(i));
  return result;
}

/// A digest on which two checkers agree. @pre at most one checker agrees with the validator
std::optional<digest_label> rival_pair(const audit_facts& x) {
  const auto& c = x.checkers;
  for (auto [i, j] : {std::pair{0, 1}, std::pair{0, 2}, std::pair{1, 2}})
    if (c[i] == c[j])
      return c[i];
  return std::nullopt;
}

verdict conviction(const audit_facts& x, audit_rule rule, digest_label truth) {
  auto result = fault_of_validator(rule, offence::wrong_result);
  result.paying |= off(x, truth);
  return result;
}

/// n3p: one checker agrees with the validator, two do not.
verdict parity(const audit_facts& x) {
  if (!x.fifth)
    return {audit_outcome::fifth, audit_rule::n3p};
  const auto fifth = *x.fifth;
  if (fifth == absent)
    return no_show(x);
  if (fifth == x.validator)
    return {audit_outcome::pass, audit_rule::n3p, offence::none, off(x, fifth)};
  if (std::find(x.checkers.begin(), x.checkers.end(), fifth) != x.checkers.end())
    return conviction(x, audit_rule::n3p, fifth);
  if (const auto truth = rival_pair(x)) {
    auto result = conviction(x, audit_rule::n3p, *truth);
    result.paying |= bit(payer::checker5);
    return result;
  }
  return {audit_outcome::undetermined, audit_rule::n3p};
}

verdict whitepaper_table(const audit_facts& x) {
  switch (std::count(x.checkers.begin(), x.checkers.end(), x.validator)) {
    case 3:
      return {audit_outcome::pass, audit_rule::n1};
    case 2:
      return {audit_outcome::pass, audit_rule::n3, offence::none, off(x, x.validator)};
    case 1:
      return parity(x);
    default:
      break;
  }
  if (const auto truth = rival_pair(x))
    return conviction(x, audit_rule::n2, *truth);
  return {audit_outcome::undetermined, audit_rule::n2x};
}

verdict by_checkers(const audit_facts& x) {
  if (std::find(x.checkers.begin(), x.checkers.end(), absent) != x.checkers.end())
    return no_show(x);
  if (x.mode == audit_mode::whitepaper)
    return whitepaper_table(x);
  if (std::count(x.checkers.begin(), x.checkers.end(), x.validator) == 3)
    return {audit_outcome::pass, audit_rule::h1};
  return {audit_outcome::escalate, audit_rule::h2};
}

}  // namespace

verdict decide(const audit_facts& x) {
  if (x.input_unavailable)
    return fault_of_validator(audit_rule::a, offence::withheld);
  if (x.validator == absent)
    return fault_of_validator(audit_rule::b, offence::withheld);
  const bool contradicts = x.user != absent && x.user != x.validator;
  if (contradicts && x.receipt)
    return fault_of_validator(audit_rule::c, offence::equivocated);
  if (contradicts && x.mode == audit_mode::whitepaper)
    return {audit_outcome::void_audit, audit_rule::d, offence::none, bit(payer::user)};
  auto result = by_checkers(x);
  if (contradicts)  // rule d, hardened: the audit goes on as if the user had said nothing
    result.paying |= bit(payer::user);
  return result;
}

std::vector<digest_label> labels_of(std::span<const std::optional<digest>> digests) {
  std::vector<digest_label> result;
  std::vector<digest> seen;
  for (const auto& x : digests) {
    if (!x) {
      result.push_back(absent);
      continue;
    }
    auto at = std::find(seen.begin(), seen.end(), *x);
    invariant(seen.size() < 254, "more digests than labels");
    if (at == seen.end())
      at = seen.insert(at, *x);
    result.push_back(static_cast<digest_label>(at - seen.begin() + 1));
  }
  return result;
}

const char* to_string(audit_outcome x) {
  constexpr const char* names[] = {"pass",    "fault", "fifth",       "escalate",
                                   "replace", "void",  "undetermined", "canary"};
  return names[static_cast<std::size_t>(x)];
}

const char* to_string(audit_rule x) {
  constexpr const char* names[] = {"a",  "b",   "c",  "d",   "e",  "n1",
                                   "n2", "n2x", "n3", "n3p", "h1", "h2", "k"};
  return names[static_cast<std::size_t>(x)];
}

const char* to_string(payer x) {
  constexpr const char* names[payer_count] = {"validator", "checker1", "checker2",
                                              "checker3",  "checker5", "user"};
  return names[static_cast<std::size_t>(x)];
}

}  // namespace datagen::protocol
