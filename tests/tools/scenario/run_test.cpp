// Whole networks in virtual time: the same run from the same seed, and findings that can fail.
#include "tools/scenario/run.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::scenario;

namespace {

script scripted(const std::string& stop, const std::string& steps, std::uint64_t seed = 1) {
  auto result = read_script("[run]\nstop = \"" + stop + "\"\nseed = " + std::to_string(seed) +
                            "\n[cluster]\nvalidators = 5\n[places]\neveryone = \"madrid\"\n"
                            "v0 = \"london\"\nu0 = \"london\"\nr0 = \"london\"\n"
                            "[[workload]]\nuser = \"u0\"\n[story]\nsteps = '''\n" +
                            steps + "'''\n");
  const auto* error = std::get_if<script_error>(&result);
  REQUIRE_MESSAGE(error == nullptr, (error ? error->what : ""));
  return std::get<script>(std::move(result));
}

}  // namespace

TEST_CASE(
  "scenario run: the same seed gives the same run to the last message, another seed another one") {
  const std::string steps =
    "at 8s kill v1; restart v1 after 3s\nat 5s cut {h1 v2} for 4s\n"
    "always supply is conserved\nalways no two blocks at one height\n";
  const auto first = run(scripted("15s", steps)), again = run(scripted("15s", steps));
  CHECK(first.passed);
  CHECK(first.jobs_answered > 5);
  CHECK(first.lost > 0);
  CHECK(again.trace == first.trace);
  CHECK(again.messages == first.messages);
  CHECK(again.latency_us == first.latency_us);
  const auto other = run(scripted("15s", steps, 2));
  CHECK(other.passed);
  CHECK(other.trace != first.trace);
}

TEST_CASE(
  "scenario run: what does not come true is told with what was found, and the run goes on") {
  const auto x = run(scripted("12s",
                              "within 10s u0 is paired with v3\nwithin 5s v1 is expelled\n"
                              "finally at least 9000 jobs are answered\n"
                              "finally every job is answered\n"));
  REQUIRE(x.findings.size() == 4);
  CHECK_FALSE(x.passed);
  CHECK_FALSE(x.unsafe);
  CHECK(x.findings[0].why == "it is paired with v0");
  CHECK(x.findings[0].at_ms >= 10'000);
  CHECK(x.findings[1].why == "it is not");
  CHECK(x.findings[1].at_ms < 6'000);
  CHECK(x.findings[2].why == "there are " + std::to_string(x.jobs_answered));
  CHECK(x.findings[3].holds);
}

TEST_CASE(
  "scenario run: a safety property that breaks ends the run at once: who cannot tell Heavy what it "
  "owes "
  "for longer than dev's window of five seconds is fined") {
  auto what = scripted("2m",
                       "at 10s partition {v0 u0 r0} -> {h*} for 8s\n"
                       "at 25s partition {v0 u0 r0} -> {h*} for 8s\n"
                       "at 40s partition {v0 u0 r0} -> {h*} for 8s\n"
                       "always no honest validator is slashed\n"
                       "finally at least 1 jobs are answered\n");
  what.load[0].every_ms = 300;
  const auto x = run(what);
  CHECK(x.unsafe);
  CHECK_FALSE(x.passed);
  CHECK(x.virtual_ms < 60'000);
  REQUIRE(x.findings.size() == 2);
  CHECK(x.findings[0].why == "v0 was slashed for withheld");
}
