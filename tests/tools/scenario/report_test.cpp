// How a run is told.
#include "tools/scenario/report.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace datagen::scenario;

TEST_CASE("scenario report: JSON and JUnit tell every finding, and how to run a failure again") {
  outcome x{.findings = {{"always supply is conserved", 3, true, 500, ""},
                         {"finally v1 is \"expelled\" & gone", 4, false, 900, "it is <not>"}},
            .trace = "ab"};
  const told_run told{.file = "a.toml", .seed = 7, .real_ms = 12, .what = x};
  const auto junit = junit_of({told});
  CHECK(junit.find("tests=\"2\" failures=\"1\" errors=\"0\"") != std::string::npos);
  CHECK(junit.find("name=\"finally v1 is &quot;expelled&quot; &amp; gone\"") != std::string::npos);
  CHECK(junit.find("message=\"it is &lt;not&gt;\">datagen scenario run a.toml --seed 7<") !=
        std::string::npos);
  const auto json = json_of({told});
  CHECK(json.find("\"line\":4") != std::string::npos);
  CHECK(json.find("\"why\":\"it is <not>\"") != std::string::npos);
  std::ostringstream text;
  print(text, told);
  CHECK(text.str().find("again: datagen scenario run a.toml --seed 7") != std::string::npos);
}
