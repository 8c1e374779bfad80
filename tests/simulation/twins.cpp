#include "tests/simulation/twins.hpp"

#include <algorithm>

namespace datagen::simulation {

namespace {

constexpr std::uint64_t split_ms = 12 * 12;
constexpr std::uint64_t healing_ms = 3000;

}  // namespace

std::set<member_id> side_of(std::uint64_t bits, std::size_t members) {
  std::set<member_id> result;
  for (member_id m = 0; m < members; ++m)
    if (bits >> m & 1)
      result.insert(m);
  return result;
}

twins_plan draw_twins(const swarm_request& request) {
  std::mt19937_64 dice{request.seed * 0x9E3779B97F4A7C15ull + 2};
  twins_plan plan;
  auto& o = plan.options;
  o.seed = request.seed;
  o.n = request.n ? request.n : dice() % 15 ? 4 : 7;
  o.params.wave = request.wave ? request.wave : 4 + static_cast<std::uint32_t>(dice() % 2);
  std::vector<author_index> authors;
  for (author_index a = 0; a < o.n; ++a)
    authors.push_back(a);
  std::shuffle(authors.begin(), authors.end(), dice);
  const auto doubled = 1 + dice() % std::max<std::size_t>((o.n - 1) / 3, 1);
  o.doubled.assign(authors.begin(), authors.begin() + static_cast<std::ptrdiff_t>(doubled));
  for (auto count = 1 + dice() % 6; count > 0; --count)
    plan.sides.push_back(side_of(dice(), o.n + o.doubled.size()));
  return plan;
}

swarm_result play(const twins_plan& plan) {
  auto o = plan.options;
  o.delay_min_ms = o.delay_max_ms = 6;
  o.write_max_ms = 1;
  o.quiet_ms = split_ms;
  o.params.resync_ms = 100;
  simulation net{o};
  for (std::size_t k = 0; k < plan.sides.size(); ++k)
    net.at(k * split_ms / plan.sides.size(), [&net, side = plan.sides[k]] { net.partition(side); });
  net.run(split_ms);
  net.heal();
  swarm_result result;
  result.found = net.settle(healing_ms);
  if (result.found == verdict::pass && net.lowest_commit() == 0)
    result.found = verdict::no_progress;
  result.mix = "doubled=" + std::to_string(o.doubled.size()) +
               " splits=" + std::to_string(plan.sides.size());
  result.faults = {"doubled_" + std::to_string(o.doubled.size()),
                   "splits_" + std::to_string(plan.sides.size())};
  describe_end(net, result);
  return result;
}

}  // namespace datagen::simulation
