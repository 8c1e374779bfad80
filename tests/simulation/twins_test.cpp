// Scenario 7 as the Twins paper has it (OPODIS 2021): two processes with one key, unmodified code,
// and a network that splits them.
#include "tests/simulation/scenario.hpp"

using namespace datagen::simulation;

namespace {

/// Runs twelve rounds or so under the given splits, one per `step_ms`, then heals.
void split_and_heal(simulation_options o, const std::vector<std::set<member_id>>& sides) {
  constexpr std::uint64_t all_ms = 12 * 12;
  o.delay_min_ms = o.delay_max_ms = 6;
  o.write_max_ms = 1;
  o.quiet_ms = all_ms;
  o.params.resync_ms = 100;
  simulation net{o};
  for (std::size_t k = 0; k < sides.size(); ++k)
    net.at(k * all_ms / sides.size(), [&net, side = sides[k]] { net.partition(side); });
  net.run(all_ms);
  expect_convergence(net, 1, 3000);
}

std::set<member_id> side_of(std::uint64_t bits, std::size_t members) {
  std::set<member_id> result;
  for (member_id m = 0; m < members; ++m)
    if (bits >> m & 1)
      result.insert(m);
  return result;
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
        split_and_heal(o, {side_of(bits, 5)});
      }
  CHECK(runs == 2 * 4 * 16);
}

TEST_CASE("consensus simulation 7: n = 4 and 7, splits that change every other round, sampled") {
  std::mt19937_64 random{7};
  for (std::uint64_t run = 0; run < 950; ++run) {  // with those above, 1,000 and more of n = 4
    const std::size_t n = run % 15 ? 4 : 7;
    auto o = plain(n, 1300 + run);
    o.doubled = some_f(n, run);
    if (n == 7 && run % 2 == 0)
      o.doubled.pop_back();
    std::vector<std::set<member_id>> sides;
    for (int k = 0; k < 6; ++k)
      sides.push_back(side_of(random(), n + o.doubled.size()));
    split_and_heal(o, sides);
  }
}
