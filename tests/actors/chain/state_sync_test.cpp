// Authors that were away for longer than anybody keeps blocks (consensus.md 2.15).

#include "tests/actors/chain/support.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

/// Vertices are kept for little more than 64 blocks, states every 32.
parameters forgetful(std::uint64_t term_ms) {
  auto p = short_terms();
  p.committee_term_ms = term_ms;
  p.snapshot_blocks = 32;
  for (auto* pacing : {&p.heavy, &p.fast})
    pacing->retain_commits = 64;
  p.heavy.idle_ms = 200;
  return p;
}

/// The first block that `log` has heard of above this height is not the next one.
bool has_gap(const block_log& log, std::uint64_t above) {
  const auto chain = log.chain();
  const auto next = chain.upper_bound(above);
  return next != chain.end() && next->first > above + 1;
}

bool leads(const block_log& log, std::uint64_t above, std::uint32_t author) {
  return std::any_of(log.all().begin(), log.all().end(), [&](const v1::block_news& x) {
    return x.height > above && x.author == author;
  });
}

}  // namespace

TEST_CASE(
  "state sync: Heavy and Fast authors for which nobody keeps blocks any more take over a certified "
  "state, go on to the same chain, and lead blocks again") {
  virtual_cluster net{{.validators = 4, .params = forgetful(600'000)}};
  std::vector<std::unique_ptr<block_log>> here, there;
  std::uint32_t index = 80;
  for (const auto kind : {role::heavy_author, role::fast_author}) {
    here.push_back(std::make_unique<block_log>(net, peer{kind, 0}, index++));
    there.push_back(std::make_unique<block_log>(net, peer{kind, 3}, index++));
  }
  job_stream jobs{net};  // Fast forgets what is settled
  net.sim.run_for(3'000);
  for (const auto kind : {role::heavy_author, role::fast_author})
    net.net->cut({kind, 3});
  jobs.run(150'000, 3'000);
  std::vector<std::uint64_t> left;
  for (const auto& x : there)
    left.push_back(x->height());
  for (const auto kind : {role::heavy_author, role::fast_author})
    net.net->mend({kind, 3});
  net.sim.run_for(90'000);
  for (std::size_t i = 0; i < 2; ++i) {
    CAPTURE(i);
    CHECK(has_gap(*there[i], left[i]));
    CHECK(there[i]->height() + 5 > here[i]->height());
    CHECK(agreement(*here[i], *there[i]) > 100);
    CHECK(leads(*here[i], there[i]->chain().upper_bound(left[i])->first, 3));
  }
}

TEST_CASE(
  "state sync: over changes of the committee the way leads through certified hand-overs, and a "
  "restart continues from the state that was taken over") {
  scratch dir;
  virtual_cluster net{{.validators = 4, .params = forgetful(20'000), .data_dir = dir.text()}};
  heavy_log log{net, 96};  // hears author 0
  job_stream jobs{net};
  net.drop(role::heavy_author, 3);
  net.net->cut({role::fast_author, 3});
  jobs.run(90'000, 2'000);
  REQUIRE(seatings(log, role::heavy_author) >= 2);
  REQUIRE(seatings(log, role::fast_author) >= 1);
  net.host(role::heavy_author, 3);
  net.net->mend({role::fast_author, 3});
  block_log heavy_here{net, {role::heavy_author, 0}, 80};
  block_log fast_here{net, {role::fast_author, 0}, 81};
  {
    block_log heavy_there{net, {role::heavy_author, 3}, 82};
    block_log fast_there{net, {role::fast_author, 3}, 83};
    net.sim.run_for(6'000);
    // Who came by blocks alone would have all of them.
    for (const auto* log_there : {&heavy_there, &fast_there})
      CHECK(log_there->chain().count(log_there->height() - 100) == 0);
    CHECK(agreement(heavy_here, heavy_there) > 10);
    CHECK(agreement(fast_here, fast_there) > 10);
  }
  net.drop(role::heavy_author, 3);
  net.drop(role::validator, 3);
  net.sim.run_for(3'000);
  net.host(role::heavy_author, 3);
  net.host(role::validator, 3);
  block_log heavy_there{net, {role::heavy_author, 3}, 84};
  block_log fast_there{net, {role::fast_author, 3}, 85};
  net.sim.run_for(60'000);
  CHECK(heavy_there.epoch() == heavy_here.epoch());
  CHECK(fast_there.epoch() == fast_here.epoch());
  CHECK(agreement(heavy_here, heavy_there) > 100);
  CHECK(agreement(fast_here, fast_there) > 100);
  CHECK(leads(heavy_here, heavy_there.all().front().height, 3));
  jobs.check_all_paid(log);
}
