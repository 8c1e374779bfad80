#pragma once
// The verdict over one audit: a total function (protocol.md section 3). Only the equality of
// digests matters, so it works on labels: 0 is absent, equal labels are equal digests.

#include "protocol/params.hpp"

namespace datagen::protocol {

/// What follows from the digests at hand. Stored and sent: append, never renumber.
enum class audit_outcome : std::uint8_t {
  pass = 0,          ///< The validator is paid.
  fault = 1,         ///< The validator pays.
  fifth = 2,         ///< Whitepaper mode: a fifth validator decides the parity.
  escalate = 3,      ///< Hardened mode: fresh checkers, then all validators.
  replace = 4,       ///< The seats of absent checkers are filled again.
  void_audit = 5,    ///< Whitepaper mode: the user spoiled the audit; printed `void`.
  undetermined = 6,  ///< Nobody is proven wrong; the user is refunded.
  canary = 7,        ///< The validator was wrong on purpose and said so beforehand (step 8).
};
constexpr audit_outcome max_value(audit_outcome) { return audit_outcome::canary; }

/// Which line of section 3 decided. Rule d never decides in hardened mode: it marks the user as
/// paying, and a later rule is named. An absent fifth checker is a no-show: rule e.
enum class audit_rule : std::uint8_t {
  a = 0,    ///< Input unavailable after the grace period.
  b = 1,    ///< Nobody opened the validator's commitment.
  c = 2,    ///< The validator signed a receipt over another digest than its leaf holds.
  d = 3,    ///< The user contradicts what it was given.
  e = 4,    ///< A checker is absent, the fifth included where it was asked for.
  n1 = 5,   ///< Three checkers agree with the validator.
  n2 = 6,   ///< None does, and at least two agree with each other.
  n2x = 7,  ///< None does, and all differ.
  n3 = 8,   ///< Two do.
  n3p = 9,  ///< One does: parity, with or without the fifth's digest.
  h1 = 10,  ///< Three agree.
  h2 = 11,  ///< Anything else.
  k = 12,   ///< A canary: every checker found the truth that was registered.
};
constexpr audit_rule max_value(audit_rule) { return audit_rule::k; }

/// What the validator pays for, where it pays.
enum class offence : std::uint8_t {
  none = 0,
  wrong_result = 1,
  withheld = 2,
  equivocated = 3,
};
constexpr offence max_value(offence) { return offence::equivocated; }

enum class payer : std::uint8_t {
  validator = 0,
  checker1 = 1,
  checker2 = 2,
  checker3 = 3,
  checker5 = 4,
  user = 5,  ///< Forfeits its bond (rule d, in both modes).
};
inline constexpr std::uint8_t payer_count = 6;

const char* to_string(audit_outcome x);  ///< "pass" … "canary", `void_audit` as "void".
const char* to_string(audit_rule x);     ///< "a" … "h2"
const char* to_string(payer x);          ///< "validator" … "user"

using digest_label = std::uint8_t;
inline constexpr digest_label absent = 0;

/// The facts of one audit. Every value is allowed: the function is total.
struct audit_facts {
  audit_mode mode = audit_mode::hardened;
  digest_label user = absent;
  digest_label validator = absent;
  std::array<digest_label, 3> checkers{};
  std::optional<digest_label> fifth;  ///< Set once a fifth checker was asked; read on parity only.
  bool receipt = false;  ///< The user holds a receipt signed by the validator over `user`.
  bool input_unavailable = false;  ///< Settled as unavailable after the grace period.
  std::uint32_t refills_used = 0;
  std::uint32_t refills_max = 2;
};

struct verdict {
  audit_outcome outcome = audit_outcome::undetermined;
  audit_rule rule = audit_rule::n2x;
  offence validator_offence = offence::none;
  std::uint8_t paying = 0;  ///< Bit set over `payer`: who pays by this step.
  bool pays(payer x) const { return (paying >> static_cast<std::uint8_t>(x) & 1) != 0; }
  friend bool operator==(const verdict&, const verdict&) = default;
};
template <class Archive>
void describe(Archive& ar, verdict& x) {
  ar(x.outcome, x.rule, x.validator_offence, x.paying);
  if constexpr (std::is_same_v<Archive, decoder>)
    ar.require(x.paying < 1u << payer_count);
}

/// Decides one audit; first matching rule wins.
verdict decide(const audit_facts& facts);

/// Labels for `digests` in order of first appearance: 0 absent, 1 the first digest, and so on.
std::vector<digest_label> labels_of(std::span<const std::optional<digest>> digests);

}  // namespace datagen::protocol
