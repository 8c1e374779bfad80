#include "tests/support/dag_builder.hpp"

using namespace datagen::tests;

namespace {

std::string complaint(std::string_view text) {
  const auto result = inspect_dag(text);
  if (const auto* error = std::get_if<dag_text_error>(&result))
    return std::to_string(error->line) + ": " + error->what;
  return "accepted";
}

constexpr std::string_view round_1 =
  "n=4 w=4 l=1\nA1: A0 B0 C0\nB1: B0 A0 C0\nC1: C0 A0 B0 D0\nD1: D0 A0 B0\n";

std::string after_round_1(std::string_view line) {
  return complaint(std::string{round_1} + std::string{line});
}

}  // namespace

TEST_CASE("dag text: comments, blank lines, twins and any order of coin lines are read") {
  const auto parsed = parse_dag("# a picture\n\nn=4 w=5 l=2\nA1: A0 B0 C0 # no\n");
  CHECK(std::holds_alternative<dag_text_error>(parsed));  // a comment has a line of its own
  const auto twins =
    parse_dag("n=4 w=5 l=2\r\nA1: A0 B0 C0\r\nA1': A0 B0 D0\ncoin 3: D A\n\ncoin 1: B C");
  REQUIRE(std::holds_alternative<text_dag>(twins));
  const auto& dag = std::get<text_dag>(twins);
  CHECK(dag.vertices.size() == 2);
  CHECK(vertex_name(dag.vertices[1]->ref) == "A1'");
  CHECK(dag.leaders.at(3) == std::vector<author_index>{3, 0});
}

TEST_CASE("dag text: every error names its line and what was expected") {
  CHECK(complaint("") == "0: expected the first line to read like 'n=4 w=4 l=1'");
  CHECK(complaint("\nn=4 l=1") == "2: expected the first line to read like 'n=4 w=4 l=1'");
  CHECK(complaint("n=27 w=4 l=1") == "1: expected n from 1 to 26, found n=27");
  CHECK(complaint("n=4 w=2 l=1") == "1: expected w from 3 to 100, found w=2");
  CHECK(complaint("n=4 w=4 l=5") == "1: expected l from 1 to n, found l=5");
  CHECK(after_round_1("coin 0: A") == "6: expected 'coin R: B C' with a round R from 1");
  CHECK(after_round_1("coin 1: A B") == "6: expected 1 leaders after 'coin 1:'");
  CHECK(after_round_1("coin 1: E") == "6: expected an author's letter, found 'E'");
  CHECK(after_round_1("coin 1: A\ncoin 1: A") == "7: expected one coin line for round 1");
  CHECK(after_round_1("A0: A0") ==
        "6: expected 'coin R: …' or a block like 'A2: A1 B1 C1', found 'A0:'");
  CHECK(after_round_1("A1: A0 B0 C0") == "6: expected 'A1' once");
  CHECK(after_round_1("A2: A1 B1 c1") == "6: expected a block name, found 'c1'");
  CHECK(after_round_1("A2: A1 B1 C2") == "6: expected older ancestors, found C2 in A2");
  CHECK(after_round_1("A2: B1 A1 C1") ==
        "6: expected the author's own block first, found B1 in A2");
  CHECK(after_round_1("A2: A1 B1 B0") == "6: expected one ancestor per author, found B0 in A2");
  CHECK(after_round_1("A2: A1 B1 C1'") ==
        "6: expected ancestors from earlier lines, found C1' in A2");
  CHECK(after_round_1("A2: A1 B1 C0 D0") ==
        "6: expected ancestors of 3 authors at round 1, found 2 in A2");
  CHECK(after_round_1("A2:") == "6: expected ancestors of 3 authors at round 1, found 0 in A2");
  CHECK(after_round_1("A2: A1 B1 C1 D1") == "accepted");
}

TEST_CASE("dag text: the output is sorted by round, author and twin") {
  const auto text = dag_builder{4, 4}
                      .coin(1, "D")
                      .coin(2, "A")
                      .full(1, 1)
                      .line("B1': B0 A0 C0")
                      .line("A2: A1 B1 C1 D1")
                      .line("B2: B1' A1 C1 D1")
                      .line("C2: C1 A1 B1 D1")
                      .line("D2: D1 A1 B1' C1")
                      .full(3, 8)
                      .coin(3, "B");
  CHECK(text.output() == "D1 | A1 B1 C1 A2 | B1' B2 C2 D2 B3");
}
