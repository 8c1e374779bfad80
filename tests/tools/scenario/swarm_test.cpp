// Scenarios that seeds draw.
#include "tools/scenario/swarm.hpp"

#include "tools/scenario/script.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::scenario;

TEST_CASE("scenario swarm: every seed draws a scenario, each its own, and always the same") {
  std::set<std::string> texts;
  for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
    const auto text = swarm_scenario(seed);
    const auto read = read_script(text);
    const auto* error = std::get_if<script_error>(&read);
    REQUIRE_MESSAGE(error == nullptr, text << (error ? error->what : ""));
    CHECK(text == swarm_scenario(seed));
    texts.insert(text);
  }
  CHECK(texts.size() == 3'000);
}

TEST_CASE("scenario swarm: at most a third of a committee misbehaves, and faults end while jobs go on") {
  std::uint64_t liars = 0, sound = 0, faults = 0;
  for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
    const auto read = read_script(swarm_scenario(seed));
    const auto& x = std::get<script>(read);
    std::uint32_t validators = 0, authors = 0, users = 0;
    for (const auto& [who, what] : x.conduct)
      ++(who.kind == 'v' ? validators : who.kind == 'h' ? authors : users);
    CHECK(validators <= (x.validators - 1) / 3);
    CHECK(authors <= (x.authors - 1) / 3);
    CHECK(users < x.users);
    for (const auto& s : x.steps)
      if (s.text != "crash-loop")
        CHECK(s.at_ms < x.load[0].until_ms - 20'000);
    faults += x.steps.size();
    ++(x.conduct.empty() ? sound : liars);
  }
  CHECK(liars > 1'000);
  CHECK(sound > 300);
  CHECK(faults > 3'000);
}

TEST_CASE("scenario swarm: one seed of a hundred has real cryptography, the others simulated") {
  int real = 0;
  for (std::uint64_t seed = 0; seed < 1'000; ++seed)
    real += std::get<script>(read_script(swarm_scenario(seed))).cryptography == crypto::real;
  CHECK(real == 10);
}

TEST_CASE("scenario swarm: a longer run has more faults, all in its first half, and a shorter one is not too short") {
  std::size_t short_ones = 0, long_ones = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto brief = std::get<script>(read_script(swarm_scenario(seed, 1'000)));
    const auto ample = std::get<script>(read_script(swarm_scenario(seed, 600'000)));
    CHECK(brief.stop_ms == swarm_stop_ms_min);
    CHECK(ample.stop_ms == 600'000);
    for (const auto* x : {&brief, &ample})
      for (const auto& s : x->steps)
        if (s.text != "crash-loop")
          CHECK(s.at_ms < x->stop_ms / 2 + 4'000);
    CHECK(brief.load[0].until_ms == 30'000);
    short_ones += brief.steps.size();
    long_ones += ample.steps.size();
  }
  CHECK(long_ones > 5 * short_ones);
}
