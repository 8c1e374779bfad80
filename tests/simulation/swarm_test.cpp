// The swarm in CI: 200 seeds, and that a seed says it all. The long run is `tests/simulation/run`.
#include "tests/simulation/swarm.hpp"

#include <doctest/doctest.h>

using namespace datagen::simulation;

namespace {

void expect_pass(std::uint64_t first, std::uint64_t count) {
  for (auto seed = first; seed < first + count; ++seed) {
    const auto result = play({.seed = seed});
    CHECK_MESSAGE(result.found == verdict::pass, "consensus_simulation --seed "
                                                   << seed << ": " << to_text(result.found) << ", "
                                                   << result.why << " [" << result.mix << "]");
  }
}

}  // namespace

// In four parts, so that they run side by side.
TEST_CASE("consensus simulation swarm: seeds 1 to 50 neither diverge nor stand still") {
  expect_pass(1, 50);
}
TEST_CASE("consensus simulation swarm: seeds 51 to 100 neither diverge nor stand still") {
  expect_pass(51, 50);
}
TEST_CASE("consensus simulation swarm: seeds 101 to 150 neither diverge nor stand still") {
  expect_pass(101, 50);
}
TEST_CASE("consensus simulation swarm: seeds 151 to 200 neither diverge nor stand still") {
  expect_pass(151, 50);
}

// Late vertices of liars come in where the floor has passed their ancestors. With what was
// collected forgotten at once, these stood still for good.
TEST_CASE("consensus simulation swarm: who is a commit behind gets what others have collected") {
  for (const std::uint64_t seed : {55, 93, 172, 215, 2777, 2920, 2955, 2976})
    expect_pass(seed, 1);
}

TEST_CASE("consensus simulation swarm: a seed played twice does exactly the same") {
  std::set<std::uint64_t> fingerprints;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto one = play({.seed = seed}), two = play({.seed = seed});
    CHECK(one.fingerprint == two.fingerprint);
    CHECK(one.mix == two.mix);
    fingerprints.insert(one.fingerprint);
  }
  CHECK(fingerprints.size() == 5);
}
