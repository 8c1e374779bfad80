// The unit oracles O1 to O12 of consensus.md 4.3.
#include "tests/support/dag_builder.hpp"

using namespace datagen::tests;

namespace {

/// Rounds 1 to 4 of oracle O4; O5 and O6 change single lines of round 4.
dag_builder o4_base(const std::string& b4 = "B4: B3 A3 C3",
                    const std::string& c4 = "C4: C3 A3 D3") {
  return dag_builder{4, 4}
    .coin(1, "A")
    .coin(2, "C")
    .coin(3, "D")
    .coin(4, "D")
    .coin(5, "B")
    .full(1, 1)
    .line("A2: A1 B1 C1")
    .line("B2: B1 C1 D1")
    .line("C2: C1 B1 D1")
    .line("D2: D1 B1 C1")
    .line("A3: A2 B2 C2")
    .line("B3: B2 A2 C2")
    .line("C3: C2 A2 B2")
    .line("D3: D2 B2 C2")
    .line("A4: A3 B3 C3")
    .line(b4)
    .line(c4)
    .line("D4: D3 A3 B3");
}

/// Rounds 1 to 3 of oracle O7: the equivocating leader A; O8 changes two lines.
dag_builder o7(const std::string& d2 = "D2: D1 A1' B1 C1", const std::string& d3 = "D3: D2 A2 B2") {
  return dag_builder{4, 4}
    .coin(1, "A")
    .coin(2, "C")
    .coin(3, "D")
    .coin(4, "D")
    .coin(5, "B")
    .line("A1: A0 B0 C0 D0")
    .line("A1': A0 B0 C0")
    .full(1, 1, "BCD")
    .line("B2: B1 A1 C1 D1")
    .line("C2: C1 A1 B1 D1")
    .line(d2)
    .line("A2: A1' B1 C1 D1")
    .line("B3: B2 C2 D2")
    .line("C3: C2 B2 D2")
    .line(d3)
    .line("A3: A2 D2 B2");
}

}  // namespace

TEST_CASE("committer O1: a full DAG commits every slot directly at its decision round") {
  for (const std::uint32_t w : {4u, 5u}) {
    CAPTURE(w);
    const auto dag_to = [&](round_number hi) {
      return dag_builder{4, w}.coin(1, "B").coin(2, "C").full(1, hi);
    };
    CHECK(dag_to(w - 1).output() == "");
    CHECK(dag_to(w).output() == "B1");
    CHECK(dag_to(w).slots() == "1 B direct_commit B1\n2 C undecided\n");
    CHECK(dag_to(w + 1).output() == "B1 | A1 C1 D1 C2");
    const auto two = [&](round_number hi) {
      return dag_builder{4, w, 2}.coin(1, "B C").coin(2, "C D").full(1, hi);
    };
    CHECK(two(w).output() == "B1 | C1");
    CHECK(two(w + 1).output() == "B1 | C1 | A1 D1 C2 | D2");
  }
}

TEST_CASE("committer O2: nothing is decided before q decision-round blocks make the coin known") {
  auto text = dag_builder{4, 5}.coin(1, "A").full(1, 4);
  text.line("A5: A4 B4 C4 D4");
  CHECK(text.slot(1) == "undecided");
  text.line("B5: B4 A4 C4 D4");
  CHECK(text.slot(1) == "undecided");
  text.line("C5: C4 A4 B4 D4");
  CHECK(text.slot(1) == "direct_commit A1");
}

TEST_CASE("committer O3: a crashed leader is skipped directly, and not before the coin") {
  const auto dag_to = [](round_number hi) {
    return dag_builder{4, 5}.coin(1, "A").full(1, hi, "BCD");
  };
  CHECK(dag_to(4).slot(1) == "undecided");
  CHECK(dag_to(5).slot(1) == "direct_skip");
  // A quorum of blames stands since round 4, but two round-5 blocks do not reveal the coin.
  auto text = dag_to(4);
  text.line("B5: B4 C4 D4").line("C5: C4 B4 D4");
  CHECK(text.slot(1) == "undecided");
  text.line("D5: D4 B4 C4");
  CHECK(text.slot(1) == "direct_skip");
}

TEST_CASE("committer O4: too few certificates now become an indirect commit later") {
  CHECK(o4_base().slot(1) == "undecided");
  for (round_number hi : {5u, 6u, 7u})
    CHECK(o4_base().full(5, hi).slot(1) == "undecided");
  const auto done = o4_base().full(5, 8);
  CHECK(done.slot(5) == "direct_commit B5");
  CHECK(done.slot(1) == "indirect_commit A1");
  CHECK(done.leaders() == "A1,C2,D3,D4,B5");
}

TEST_CASE("committer O5: an anchor whose history lacks a certificate skips the slot") {
  const auto done = o4_base("B4: B3 A3 D3").full(5, 8, "BCD");
  // C4 and D4 do not certify; A4 does, but nobody refers to it.
  CHECK(done.slot(1) == "indirect_skip");
  CHECK(done.leaders() == "skip,C2,D3,D4,B5");
}

TEST_CASE("committer O6: two views of an equivocating decider agree, for anchors start at r + w") {
  CHECK(o4_base("B4: B3 A3 C3", "C4': C3 A3 B3").slot(1) == "direct_commit A1");
  CHECK(o4_base().full(5, 7).slot(1) == "undecided");
  CHECK(o4_base().full(5, 8).slot(1) == "indirect_commit A1");
}

TEST_CASE("committer O6: a committed slot one round too near is no anchor") {
  // Slot 4 (= r + w - 1) commits directly at round 7, and its leader is D4, which does not certify.
  const auto near = o4_base().full(5, 7);
  CHECK(near.slot(4) == "direct_commit D4");
  CHECK(near.slot(1) == "undecided");
}

TEST_CASE("committer O7: an equivocating leader with split votes is skipped, not committed") {
  CHECK(o7().full(4, 4).slot(1) == "undecided");
  const auto done = o7().full(4, 8);
  CHECK(done.slot(1) == "indirect_skip");
}

TEST_CASE("committer O8: one twin with a quorum of votes is committed, whatever the other lacks") {
  const auto text = o7("D2: D1 A1 B1 C1", "D3: D2 B2 C2").full(4, 4);
  CHECK(text.slot(1) == "direct_commit A1");
}

TEST_CASE("committer O9: an undecided anchor holds back everything below it") {
  const auto base = [] {
    return dag_builder{o4_base()}
      .coin(6, "C")
      .coin(9, "C")
      .full(5, 5)
      .line("A6: A5 C5 D5")
      .line("B6: B5 A5 C5")
      .line("C6: C5 A5 D5")
      .line("D6: D5 A5 C5")
      .line("A7: A6 C6 D6")
      .line("B7: B6 A6 C6")
      .line("C7: C6 B6 D6")
      .line("D7: D6 B6 A6")
      .line("A8: A7 B7 C7")
      .line("B8: B7 A7 D7")
      .line("C8: C7 D7 B7")
      .line("D8: D7 B7 C7");
  };
  const auto early = base().full(9, 9);
  CHECK(early.slot(6) == "direct_commit C6");
  CHECK(early.slot(5) == "undecided");
  CHECK(early.slot(1) == "undecided");
  CHECK(early.output() == "");
  const auto late = base().full(9, 12);
  CHECK(late.slot(9) == "direct_commit C9");
  CHECK(late.slot(5) == "indirect_commit B5");
  CHECK(late.slot(1) == "indirect_commit A1");
}

namespace {

/// Runs a committer that starts at `from` over a text DAG; leaders it outputs, "skip" for skips.
std::string resumed(const dag_builder& text, slot_cursor from, std::string* again = nullptr) {
  auto parsed = std::get<text_dag>(parse_dag(text.text()));
  dag graph{parsed.authors, parsed.params};
  for (const auto& v : parsed.vertices)
    graph.accept(v);
  committer rule{from};
  const text_elector coin{parsed};
  const auto run = [&] {
    std::string result;
    for (const auto& s : rule.advance(graph, coin))
      result += (result.empty() ? "" : ",") + (s.leader ? vertex_name(s.leader->v->ref) : "skip");
    return result;
  };
  auto result = run();
  if (again)
    *again = run();
  return result;
}

}  // namespace

TEST_CASE("committer O10: resuming in the middle of a round yields exactly the second slot") {
  const auto text = dag_builder{4, 4, 2}.coin(1, "B C").full(1, 4);
  CHECK(resumed(text, {1, 0}) == "B1,C1");
  CHECK(resumed(text, {1, 1}) == "C1");
}

TEST_CASE("committer O11: a cursor behind a trailing skip yields nothing, not the skip again") {
  const auto text = dag_builder{4, 5}.coin(1, "A").full(1, 5, "BCD");
  std::string again;
  CHECK(resumed(text, {1, 0}, &again) == "skip");
  CHECK(again == "");
  CHECK(resumed(text, {2, 0}) == "");
}

TEST_CASE("committer O12: running again without new blocks yields nothing") {
  std::string again;
  const auto text = dag_builder{4, 4, 2}.coin(1, "B C").coin(2, "C D").full(1, 5);
  CHECK(resumed(text, {}, &again) == "B1,C1,C2,D2");
  CHECK(again == "");
}

TEST_CASE("committer: weak links to older supporters are no votes") {
  // At w = 5 round 4 votes on slot 1. B4 and C4 vote for A1, D4 blames; A3 supports A1 too, and the
  // deciders of round 5 refer to it, but it is not of the voting round: two votes, no certificate.
  const auto text = dag_builder{4, 5}
                      .coin(1, "A")
                      .full(1, 1)
                      .line("A2: A1 B1 C1")
                      .line("B2: B1 C1 D1")
                      .line("C2: C1 B1 D1")
                      .line("D2: D1 B1 C1")
                      .line("A3: A2 B2 C2")
                      .line("B3: B2 C2 D2")
                      .line("C3: C2 B2 D2")
                      .line("D3: D2 B2 C2")
                      .line("B4: B3 A3 C3")
                      .line("C4: C3 A3 B3")
                      .line("D4: D3 B3 C3")
                      .line("B5: B4 C4 D4 A3")
                      .line("C5: C4 B4 D4 A3")
                      .line("D5: D4 B4 C4 A3");
  CHECK(text.slot(1) == "undecided");
}

TEST_CASE(
  "committer: one blame fewer than a quorum skips nothing, one vote fewer commits nothing") {
  // A3 and B3 vote for A1, C3 and D3 blame it: neither side has three of four.
  const auto text = dag_builder{4, 4}
                      .coin(1, "A")
                      .full(1, 1)
                      .line("A2: A1 B1 C1")
                      .line("B2: B1 C1 D1")
                      .line("C2: C1 B1 D1")
                      .line("D2: D1 B1 C1")
                      .line("A3: A2 B2 C2")
                      .line("B3: B2 A2 C2")
                      .line("C3: C2 B2 D2")
                      .line("D3: D2 B2 C2")
                      .full(4, 4);
  CHECK(text.slot(1) == "undecided");
}
