// Whole networks in virtual time: the same run from the same seed, and findings that can fail.
#include "tools/scenario/network.hpp"
#include "tools/scenario/places.hpp"
#include "tools/scenario/report.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <sstream>

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
  CHECK(x.findings[0].why == "v0 was slashed");
}

TEST_CASE("scenario network: distances are the measured ones, or modelled and named so") {
  CHECK(between("madrid", "london").one_way_us == 13'500);
  CHECK(between("madrid", "london").measured);
  // Nairobi and Dar es Salaam are 670 km apart: 2 * 670 * 1.6 / 200 + 2 = 12.7 ms round trip.
  const auto near = between("nairobi", "dar_es_salaam");
  CHECK_FALSE(near.measured);
  CHECK(near.one_way_us > 6'000);
  CHECK(near.one_way_us < 6'800);
  for (const auto& a : place_names())
    for (const auto& b : place_names())
      CHECK(between(a, b).one_way_us > 0);
}

TEST_CASE(
  "scenario network: jitter has the sigma that was asked for, loss its share, a cut its "
  "direction") {
  auto x = scripted("1s", "finally every job is answered\n");
  x.jitter_ppm = 50'000;
  network delays{x};
  double sum = 0, squares = 0;
  constexpr int draws = 20'000;
  for (int i = 0; i < draws; ++i) {
    const auto us = static_cast<double>(*delays.delay_us({role::user, 0}, {role::validator, 1}));
    sum += us;
    squares += us * us;
  }
  const auto mean = sum / draws;
  CHECK(mean == doctest::Approx(13'500).epsilon(0.002));
  CHECK(std::sqrt(squares / draws - mean * mean) == doctest::Approx(675).epsilon(0.03));
  CHECK(*delays.delay_us({role::validator, 1}, {role::fast_author, 1}) == 0);  // one host

  x.loss_ppm = 100'000;
  network lossy{x};
  for (int i = 0; i < draws; ++i)
    (void)lossy.delay_us({role::user, 0}, {role::validator, 1});
  CHECK(lossy.lost() == doctest::Approx(draws / 10.0).epsilon(0.06));

  x.loss_ppm = 0;
  network cut{x};
  const act::cut one_way{{{'v', 1}}, {{'v', 2}}, false};
  cut.apply(one_way);
  CHECK_FALSE(cut.delay_us({role::validator, 1}, {role::fast_author, 2}));
  CHECK(cut.delay_us({role::fast_author, 2}, {role::validator, 1}));
  cut.apply(act::mend{one_way.from, one_way.to, false});
  CHECK(cut.delay_us({role::validator, 1}, {role::fast_author, 2}));
}

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
