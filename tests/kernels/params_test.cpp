#include "kernels/params.hpp"

#include "support.hpp"

using namespace datagen::kernels;

namespace {

constexpr param_rule rules[] = {
    {.key = "kind",
     .kind = param_rule::type::word,
     .fallback = "call",
     .words = "call|put|asian-call"},
    {.key = "paths", .fallback = "1000", .minimum = 1, .maximum = 100000},
    {.key = "rate",
     .kind = param_rule::type::real,
     .fallback = "0.05",
     .minimum = -1,
     .maximum = 1},
};

std::string refusal(std::string_view text) {
  param_values values;
  const auto bad = parse_params(text, rules, values);
  return bad ? bad.sentence : "accepted";
}

}  // namespace

TEST_CASE("params: no bytes mean every default") {
  param_values values;
  REQUIRE_FALSE(parse_params("", rules, values));
  CHECK(values.integer("paths") == 1000);
  CHECK(values.real("rate") == 0.05);
  CHECK(values.word("kind") == "call");
}

TEST_CASE("params: values are taken exactly") {
  param_values values;
  REQUIRE_FALSE(parse_params("kind=asian-call\npaths=100000\nrate=-0.1", rules, values));
  CHECK(values.integer("paths") == 100000);
  CHECK(values.real("rate") == -0.1);
  CHECK(values.word("kind") == "asian-call");
}

TEST_CASE("params: one job has one spelling, everything else is refused") {
  CHECK(refusal("path=1") == "unknown parameter 'path', allowed: kind, paths, rate");
  CHECK(refusal("rate=0\npaths=1") ==
        "parameter 'paths' comes after 'rate', expected keys in ascending order");
  CHECK(refusal("paths=1\npaths=1") == "parameter 'paths' is given twice");
  CHECK(refusal("paths=1\n") == "parameter line '' is not of the form key=value");
  CHECK(refusal("\n") == "parameter line '' is not of the form key=value");
  CHECK(refusal("paths") == "parameter line 'paths' is not of the form key=value");
  CHECK(refusal("paths=") == "parameter line 'paths=' is not of the form key=value");
  CHECK(refusal("=1") == "parameter line '=1' is not of the form key=value");
  CHECK(refusal("paths= 1") == "parameter line 'paths=?1' is not of the form key=value");
  for (const char* text : {"paths=01", "paths=-1", "paths=+1", "paths=1e3", "paths=0x10"})
    CHECK(refusal(text).find("expected a whole number") != std::string::npos);
  for (const char* text : {"rate=.5", "rate=1.", "rate=1e-3", "rate=nan", "rate=00.5", "rate=--1"})
    CHECK(refusal(text).find("expected a decimal number") != std::string::npos);
  CHECK(refusal("kind=CALL") == "parameter 'kind' is 'CALL', expected one of call|put|asian-call");
}

TEST_CASE("params: a limit is a sentence with the figure and the limit") {
  CHECK(refusal("paths=0") == "parameter 'paths' is 0, the limits are 1 to 100000");
  CHECK(refusal("paths=100001") == "parameter 'paths' is 100001, the limits are 1 to 100000");
  CHECK(refusal("paths=99999999999999999999") ==
        "parameter 'paths' is 99999999999999999999, the limits are 1 to 100000");
  CHECK(refusal("rate=1.0001") == "parameter 'rate' is 1.0001, the limits are -1 to 1");
  CHECK(refusal(std::string(5000, 'x')) ==
        "length of the parameters is 5000 bytes, the limit is 4096 bytes");
}

TEST_CASE("params: command-line pairs in any order become the canonical bytes") {
  std::string text;
  REQUIRE_FALSE(canonical_params({{"rate", "0.1"}, {"kind", "put"}, {"paths", "7"}}, text));
  CHECK(text == "kind=put\npaths=7\nrate=0.1");
  CHECK(refusal(text) == "accepted");
  CHECK(canonical_params({{"a", "1"}, {"a", "2"}}, text).sentence ==
        "parameter 'a' is given twice");
  CHECK(canonical_params({{"a", "1\nb=2"}}, text));
}
