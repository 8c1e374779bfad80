// One example per branch of protocol.md section 3, written as people would say it.
#include "protocol/audit/verdict.hpp"

using namespace datagen::protocol;

namespace {

/// "A A A B -" in the order U P C1 C2 C3 [C5].
audit_facts read(audit_mode mode, const std::string& text) {
  audit_facts x{.mode = mode};
  std::vector<digest_label> labels;
  for (char c : text)
    if (c != ' ')
      labels.push_back(c == '-' ? absent : static_cast<digest_label>(c - 'A' + 1));
  x.user = labels.at(0), x.validator = labels.at(1);
  x.checkers = {labels.at(2), labels.at(3), labels.at(4)};
  if (labels.size() > 5)
    x.fifth = labels[5];
  return x;
}

/// "outcome rule: who pays"
std::string say(const audit_facts& x) {
  const auto v = decide(x);
  auto result = std::string{to_string(v.outcome)} + " " + to_string(v.rule) + ":";
  for (std::uint8_t i = 0; i < payer_count; ++i)
    if (v.pays(static_cast<payer>(i)))
      result += std::string{" "} + to_string(static_cast<payer>(i));
  return result;
}

std::string whitepaper(const std::string& text) { return say(read(audit_mode::whitepaper, text)); }
std::string hardened(const std::string& text) { return say(read(audit_mode::hardened, text)); }

}  // namespace

TEST_CASE("R19 verdict: n1, n2, n2x and n3 of the whitepaper") {
  CHECK(whitepaper("A A A A A") == "pass n1:");
  CHECK(whitepaper("- A A A A") == "pass n1:");
  CHECK(whitepaper("A A B B B") == "fault n2: validator");
  CHECK(whitepaper("A A B C B") == "fault n2: validator checker2");
  CHECK(whitepaper("A A B C D") == "undetermined n2x:");
  CHECK(whitepaper("A A A B A") == "pass n3: checker2");
}

TEST_CASE("R20 verdict: the fifth validator decides parity (n3p)") {
  CHECK(whitepaper("A A A B B") == "fifth n3p:");
  CHECK(whitepaper("A A A B C") == "fifth n3p:");
  CHECK(whitepaper("A A A B B A") == "pass n3p: checker2 checker3");
  CHECK(whitepaper("A A A B C A") == "pass n3p: checker2 checker3");
  CHECK(whitepaper("A A A B B B") == "fault n3p: validator checker1");
  CHECK(whitepaper("A A A B C B") == "fault n3p: validator checker1 checker3");
  CHECK(whitepaper("A A A B B C") == "fault n3p: validator checker1 checker5");
  CHECK(whitepaper("A A A B C D") == "undetermined n3p:");
  CHECK(whitepaper("A A A B B -") == "replace e:");
  // The fifth is read on parity only.
  CHECK(whitepaper("A A A A A B") == "pass n1:");
  CHECK(whitepaper("A A B B B A") == "fault n2: validator");
}

TEST_CASE("R19 verdict: rules a to e come first, in order") {
  auto x = read(audit_mode::hardened, "B - - - -");
  x.input_unavailable = true;
  CHECK(say(x) == "fault a: validator");
  CHECK(decide(x).validator_offence == offence::withheld);
  x.input_unavailable = false;
  CHECK(say(x) == "fault b: validator");
  CHECK(decide(x).validator_offence == offence::withheld);
  x = read(audit_mode::hardened, "B A A A -");
  x.receipt = true;
  CHECK(say(x) == "fault c: validator");
  CHECK(decide(x).validator_offence == offence::equivocated);
  x.mode = audit_mode::whitepaper;
  CHECK(say(x) == "fault c: validator");
  x.receipt = false;
  CHECK(say(x) == "void d: user");
  x = read(audit_mode::whitepaper, "A A A A -");
  x.receipt = true;  // it proves nothing: the user agrees
  for (std::uint32_t used : {0u, 1u}) {
    x.refills_used = used;
    CHECK(say(x) == "replace e:");
  }
  x.refills_used = 2;
  CHECK(say(x) == "undetermined e:");
  x.mode = audit_mode::hardened;
  CHECK(say(x) == "escalate e:");
}

TEST_CASE("R19 verdict: in hardened mode a contradicting user pays and decides nothing") {
  CHECK(hardened("B A A A A") == "pass h1: user");
  CHECK(hardened("B A A B B") == "escalate h2: user");
  CHECK(hardened("B A A A -") == "replace e: user");
  CHECK(hardened("A A A A A") == "pass h1:");
  CHECK(hardened("A A A B A") == "escalate h2:");
  CHECK(hardened("A A B B B") == "escalate h2:");
}
