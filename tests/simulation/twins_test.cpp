// Scenario 7 as the Twins paper has it; the long run is `tests/simulation/run twins_record.tsv COUNT twins`.
#include "tests/simulation/scenario.hpp"
#include "tests/simulation/twins.hpp"

using namespace datagen::simulation;

namespace {

void expect_pass(const twins_plan& plan) {
  const auto result = play(plan);
  CHECK_MESSAGE(result.found == verdict::pass,
                "seed " << plan.options.seed << ", n " << result.n << ", w " << result.wave << ": "
                        << to_text(result.found) << ", " << result.why << " [" << result.mix << "]");
}

}  // namespace

TEST_CASE("consensus simulation 7: n = 4, every doubled author, every split of twelve rounds") {
  std::size_t runs = 0;
  for (const std::uint32_t wave : {4u, 5u})
    for (author_index doubled = 0; doubled < 4; ++doubled)
      for (std::uint64_t bits = 0; bits < 16; ++bits, ++runs) {  // member 4 stays on the other side
        auto o = plain(4, 1100 + runs);
        o.params.wave = wave;
        o.doubled = {doubled};
        expect_pass({o, {side_of(bits, 5)}});
      }
  CHECK(runs == 2 * 4 * 16);
}

TEST_CASE("consensus simulation 7: n = 4 and 7, splits that change again and again, sampled") {
  for (std::uint64_t seed = 1; seed <= 950; ++seed)  // with those above, 1,000 and more of n = 4
    expect_pass(draw_twins({.seed = seed}));
}

TEST_CASE("consensus simulation 7: a plan of doubled authors is drawn from its seed alone") {
  const auto one = play({.seed = 11, .twins = true}), two = play({.seed = 11, .twins = true});
  CHECK(one.fingerprint == two.fingerprint);
  CHECK(one.fingerprint != play({.seed = 12, .twins = true}).fingerprint);
}
