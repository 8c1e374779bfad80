// What a scenario may say, and where its author is told to look when it says something else.
#include "tools/scenario/script.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::scenario;

namespace {

std::string with_steps(const std::string& steps) {
  return "[run]\nstop = \"1m\"\n[cluster]\nvalidators = 5\nusers = 2\n[story]\nsteps = '''\n" +
         steps + "'''\n";
}
constexpr std::uint32_t first_step_line = 8;

script good(const std::string& text) {
  auto result = read_script(text);
  const auto* error = std::get_if<script_error>(&result);
  REQUIRE_MESSAGE(error == nullptr, (error ? error->what : ""));
  return std::get<script>(std::move(result));
}
/// "line:column: what".
std::string bad(const std::string& text) {
  const auto result = read_script(text);
  const auto* error = std::get_if<script_error>(&result);
  REQUIRE(error != nullptr);
  return std::to_string(error->at.line) + ":" + std::to_string(error->at.column) + ": " +
         error->what;
}
std::string bad_step(const std::string& steps) { return bad(with_steps(steps)); }

const char* const steps_example = R"(# comments and blank lines say nothing

at 10s      partition {v0 v1} | {v2 h*} for 20s   # both ways
at 5s       kill v3; restart v3 after 2s
at 20s      partition v0 -> v1
at 30s      slow {v1 u*} by 250ms for 1s; cut u1 for 500ms
always      supply is conserved
within 40s  v4 is expelled
within 50s  u1 is paired with v2
finally     at least 12 jobs are answered
)";

}  // namespace

TEST_CASE("scenario script: steps are read in the order of time, each with its end") {
  const auto x = good(with_steps(steps_example));
  std::vector<std::uint64_t> times;
  for (const auto& s : x.steps)
    times.push_back(s.at_ms);
  CHECK(times == std::vector<std::uint64_t>{5'000, 7'000, 10'000, 20'000, 30'000, 30'000, 30'000,
                                            30'500, 31'000});
}

TEST_CASE("scenario script: a partition names both sides, a star names all of a kind") {
  const auto x =
    good(with_steps("at 1s partition {v0 v1} | {v2 h*}\nfinally every job is answered\n"));
  REQUIRE(x.steps.size() == 1);
  const auto& cut = std::get<act::cut>(x.steps[0].what);
  CHECK(cut.from == parties{{'v', 0}, {'v', 1}});
  CHECK(cut.to == parties{{'v', 2}, {'h', 0}, {'h', 1}, {'h', 2}, {'h', 3}});
  CHECK(cut.both);
}

TEST_CASE("scenario script: an expectation keeps its words, its kind and its deadline") {
  const auto x = good(with_steps(steps_example));
  REQUIRE(x.expected.size() == 4);
  CHECK(x.expected[0].what == claim::supply_conserved);
  CHECK(x.expected[0].when == judged::always);
  CHECK(x.expected[1].what == claim::expelled);
  CHECK(x.expected[1].until_ms == 40'000);
  CHECK(x.expected[2].who == party{'u', 1});
  CHECK(x.expected[2].with == party{'v', 2});
  CHECK(x.expected[3].count == 12);
  CHECK(x.expected[3].text == "finally     at least 12 jobs are answered");
  CHECK(x.expected[3].at.line == first_step_line + 9);
}

TEST_CASE("scenario script: what is wrong in a sentence is told with its line and column") {
  CHECK(bad_step("at 10s destroy v1\n") ==
        "8:8: 'destroy' found where kill, restart, cut, partition, slow, disk, or who does something: u1 "
        "proposes, v3 asks, … is expected");
  CHECK(bad_step("\nat 10s kill v9\n") ==
        "9:13: 'v9' is not in this cluster: it has 5 of that kind");
  CHECK(bad_step("at ten kill v1\n").starts_with("8:4: 'ten' is no time; write a number"));
  CHECK(bad_step("at 10s kill\n") ==
        "8:12: the line ends where a validator (v0) or a Heavy author (h0) is expected");
  CHECK(bad_step("at 10s kill u0\n").starts_with("8:13: 'u0' found where a validator"));
  CHECK(bad_step("at 2m kill v0\n") == "8:7: this happens after the run's stop");
  CHECK(bad_step("at 1s partition v0 | {v0 v1}\n") == "8:20: v0 is on both sides of the partition");
  CHECK(bad_step("at 1s partition {} | v1\n") == "8:18: {} names nobody; name at least one party");
  CHECK(bad_step("at 1s kill v0 v1\n") ==
        "8:15: 'v1' found where ';' or the end of the line is expected");
  CHECK(bad_step("always v1 is expelled\n").starts_with("8:1: this cannot hold from the start"));
  CHECK(bad_step("finally supply is lost\n")
          .starts_with("8:9: 'supply' found where 'supply is conserved'"));
  CHECK(bad_step("within 20s v1 is happy\n") ==
        "8:18: 'happy' found where 'slashed', 'expelled' or 'down' is expected");
  CHECK(bad_step("within 20s u1 is slashed\n") ==
        "8:18: 'slashed' found where 'paired with' or 'fined' is expected");
  CHECK(bad_step("finally at least 2 verdicts are\n")
          .starts_with("8:32: the line ends where an outcome"));
  CHECK(bad_step("always u0 is not paired with v0\n").starts_with("8:1: this cannot hold"));
  CHECK(
    bad_step("sometimes supply is conserved\n").starts_with("8:1: 'sometimes' found where 'at'"));
}

TEST_CASE("scenario script: what a party is not, a reason and a rule are part of the claim") {
  const auto x = good(with_steps(R"(always v1 is not slashed
finally v2 is slashed for withheld
finally at least 3 verdicts are h2
finally h1 is slashed
finally u1 is fined
finally u0 is not paired with v1
)"));
  REQUIRE(x.expected.size() == 6);
  CHECK(x.expected[0].negated);
  CHECK(x.expected[1].word == "withheld");
  CHECK_FALSE(x.expected[1].negated);
  CHECK(x.expected[2].what == claim::verdicts);
  CHECK(x.expected[2].count == 3);
  CHECK(x.expected[2].word == "h2");
  CHECK(x.expected[3].who == party{'h', 1});
  CHECK(x.expected[4].what == claim::fined);
  CHECK(x.expected[5].negated);
  CHECK(x.expected[5].with == party{'v', 1});
}

namespace {

std::string with_behaviour(const std::string& text) {
  return "[run]\nstop = '1m'\n[cluster]\nbehaviour = {" + text +
         "}\n[story]\nsteps = 'always supply is conserved'\n";
}

}  // namespace

TEST_CASE("scenario script: a behaviour has its share, its beginning and whom it is about") {
  const auto x = good(with_behaviour(R"(v0 = "lie-on-result share 25 from 10s", v1 = ["delay 300ms", "clock-skew back 2h"], v2 = "collude v3 v4", u0 = "drop-to {v0 v1} h*")"));
  REQUIRE(x.conduct.size() == 4);
  const auto& lies = x.conduct.at({'v', 0}).at(0);
  CHECK(lies.what == conduct::lie_on_result);
  CHECK(lies.share_ppm == 250'000);
  CHECK(lies.from_ms == 10'000);
  CHECK(x.conduct.at({'v', 1}).at(0).by_ms == 300);
  CHECK(x.conduct.at({'v', 1}).at(1).by_ms == -7'200'000);
  CHECK(x.conduct.at({'v', 2}).at(0).ring == std::set<std::uint32_t>{2, 3, 4});
  const auto& drops = x.conduct.at({'u', 0}).at(0);
  CHECK(drops.to({role::validator, 1}));
  CHECK(drops.to({role::heavy_author, 3}));
  CHECK_FALSE(drops.to({role::validator, 2}));
  CHECK_FALSE(drops.to({role::router, 0}));
}

TEST_CASE("scenario script: twins run from the start, a self-dealer names its own validators") {
  const auto x = good(with_behaviour("v6 = 'twin', h3 = 'twin', u0 = 'self-deal v4 v5'"));
  CHECK(x.conduct.at({'v', 6}).at(0).what == conduct::twin);
  CHECK(x.conduct.at({'h', 3}).at(0).what == conduct::twin);
  CHECK(x.conduct.at({'u', 0}).at(0).ring == std::set<std::uint32_t>{4, 5});
  CHECK(bad(with_behaviour("v6 = 'twin share 50'")) ==
        "4:25: 'share' found where the end of the line is expected");
  CHECK(bad(with_behaviour("u0 = 'twin'")).starts_with("4:20: 'twin' is not built for u0;"));
}

TEST_CASE("scenario script: a crash loop restarts for as long as the run lasts, a gouger asks more") {
  const auto x = good(with_behaviour("v0 = 'crash-loop 15s', v1 = 'price-gouge 10'"));
  CHECK(x.steps.size() == 3);
  CHECK(x.steps.at(2).at_ms == 45'000);
  CHECK(x.conduct.count({'v', 0}) == 1);
  CHECK(x.asks.at(1) == 10);
}

TEST_CASE("scenario script: a behaviour that is not built, or is half said, is told with its column") {
  CHECK(bad(with_behaviour("h0 = 'lie-on-result'"))
          .starts_with("4:20: 'lie-on-result' is not built for h0; it can be honest, double-vote,"));
  CHECK(bad(with_behaviour("v0 = 'lie-on-result share 101'")) ==
        "4:40: '101' found where a percentage from 0 to 100 is expected");
  CHECK(bad(with_behaviour("v0 = 'delay'")) == "4:25: the line ends where a time after 'delay' is expected");
  CHECK(bad(with_behaviour("v0 = 'withhold v1'")) ==
        "4:29: 'v1' found where the end of the line is expected");
  CHECK(bad(with_behaviour("v0 = 5")).starts_with("4:19: "));
}

TEST_CASE("scenario script: what is wrong in a table is told with its line and column") {
  const std::string end = "story.steps = 'always supply is conserved'\n";
  CHECK(bad("[run\n").starts_with("1:5: "));
  CHECK(bad("[cluster]\n" + end) == "1:1: [run] must say when to stop: stop = \"2m\"");
  CHECK(
    bad("story.steps = ''\n[run]\nstop = '1s'\n").starts_with("1:1: the scenario expects nothing"));
  CHECK(bad(end + "[run]\nstop = '1s'\nspeed = 2\n") ==
        "4:1: [run] has no key 'speed'; it has seed, stop, preset, crypto, pace");
  CHECK(bad(end + "[run]\nstop = '1s'\npreset = 'fast'\n")
          .starts_with("4:10: there is no preset 'fast'"));
  CHECK(bad(end + "[run]\nstop = '1s'\n[cluster]\nvalidators = 3\n") ==
        "5:14: validators must be a whole number from 4 to 128");
  CHECK(bad(end + "[run]\nstop = '1s'\n[cluster]\nbehaviour = {v1 = 'sleep'}\n")
          .starts_with("5:20: 'sleep' is not built for v1; it can be honest, lie-on-result,"));
  CHECK(bad(end + "[run]\nstop = '1s'\n[places]\nv1 = 'atlantis'\n")
          .starts_with("5:6: 'atlantis' is no known place; there are dallas, toronto"));
  CHECK(bad(end + "[run]\nstop = '1s'\n[network]\nloss = 0.9\n").starts_with("5:8: loss must be"));
  CHECK(bad(end + "[run]\nstop = '1s'\n[[workload]]\nuser = 'u0'\n[[workload]]\nuser = 'u0'\n") ==
        "7:8: u0 has a workload already");
  CHECK(bad(std::string(script_bytes_max + 1, '#')).starts_with("1:1: the file is longer"));
}

TEST_CASE("scenario script: [parameters] changes rows of the preset, and a table that breaks a gate is refused") {
  const std::string end = "[story]\nsteps = 'always supply is conserved'\n";
  const std::string begin = "[run]\nstop = '1s'\npreset = 'whitepaper'\n[parameters]\n";
  const auto x = good(begin + "audit_rate_ppm = 1000000\nheavy.idle_ms = 2000\nappeal_bond = '7 DG'\n" + end);
  CHECK(x.params.mode == protocol::audit_mode::whitepaper);
  CHECK(x.params.audit_rate_ppm == 1'000'000);
  CHECK(x.params.heavy.idle_ms == 2'000);
  CHECK(x.params.appeal_bond == protocol::dg(7));
  CHECK(good("[run]\nstop = '1s'\n" + end).params == protocol::dev_preset());
  CHECK(bad(begin + "audit_rate = 5\n" + end) ==
        "5:14: there is no parameter 'audit_rate'; `datagen inspect params` lists them");
  CHECK(bad(begin + "checkers = 'many'\n" + end) ==
        "5:12: this is no value for the parameter 'checkers'");
  CHECK(bad(begin + "checkers = 4\n" + end).starts_with("1:1: checkers must be 3"));
}

TEST_CASE("scenario script: validators may have stakes and operators of their own, and come later") {
  const auto cluster = [](const std::string& rows) {
    return "[run]\nstop = '1m'\n[cluster]\n" + rows +
           "\n[story]\nsteps = 'always supply is conserved'\n";
  };
  const auto x = good(cluster("stake = {v1 = 5000}\noperator = {v2 = 1}\nnewcomers = 2"));
  CHECK(x.stakes.at(1) == 5'000);
  CHECK(x.operators.at(2) == 1);
  CHECK(x.newcomers == 2);
  CHECK(bad(cluster("stake = {h1 = 5000}")).starts_with("4:15: this must be a whole number"));
  CHECK(bad(cluster("stake = {v1 = -1}")).starts_with("4:15: this must be a whole number"));
  CHECK(bad(cluster("newcomers = 4")) == "4:13: genesis needs four validators beside newcomers");
}

TEST_CASE("scenario script: any bytes are an error or a scenario, never a crash") {
  std::mt19937 random{7};
  const auto whole = with_steps(steps_example);
  for (int i = 0; i < 3'000; ++i) {
    auto text = whole;
    for (int k = random() % 4; k >= 0; --k)
      text[random() % text.size()] = static_cast<char>(random() % 256);
    text.resize(text.size() - random() % 40);
    (void)read_script(text);
  }
}

TEST_CASE("scenario script: cryptography is simulated unless the file says real") {
  const auto with = [](const std::string& line) {
    return "[run]\nstop = \"1m\"\n" + line + "[story]\nsteps = 'finally every job is answered'\n";
  };
  CHECK(good(with("")).cryptography == crypto::simulated);
  CHECK(good(with("crypto = \"simulated\"\n")).cryptography == crypto::simulated);
  CHECK(good(with("crypto = \"real\"\n")).cryptography == crypto::real);
  CHECK(bad(with("crypto = \"none\"\n")) == "3:10: crypto must be simulated or real");
}
