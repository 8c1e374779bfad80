// Authors that were away, that join, or that lost their disk (consensus.md 2.12 and 2.15; scenarios
// 11 and 12, invariant L4).

#include "tests/actors/chain/support.hpp"

#include "actors/storage/store.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

/// Vertices that `author` signed for one round twice, as this database has seen them.
std::size_t twins_in(const scratch& dir, const std::string& file, std::uint32_t author) {
  auto opened = storage::store::open({.path = (dir.path() / (file + ".db")).string()});
  REQUIRE(opened);
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::set<digest>> seen;
  for (std::uint32_t epoch = 0; epoch < 10; ++epoch)
    for (const auto& x : *opened->vertices_above(0, epoch, 0))
      if (x.author == author)
        seen[{x.epoch, x.round}].insert(x.id);
  CHECK(seen.size() > 50);
  return static_cast<std::size_t>(
    std::count_if(seen.begin(), seen.end(), [](const auto& x) { return x.second.size() > 1; }));
}

}  // namespace

TEST_CASE(
  "catch-up: a Heavy author whose links are down for ten times the rounds that peers keep comes "
  "back "
  "to the same chain, and proposes again") {
  auto params = short_terms();
  params.committee_term_ms = 600'000;  // one epoch
  params.heavy.idle_ms = 200;          // more than 600 rounds in these minutes
  virtual_cluster net{{.validators = 4, .params = params}};
  block_log here{net, {role::heavy_author, 0}, 90};
  net.sim.run_for(3'000);
  net.net->cut({role::heavy_author, 3});
  net.sim.run_for(150'000);
  const auto gone = here.all().back().round;
  REQUIRE(gone > 10 * params.heavy.gc_depth_rounds);
  net.net->mend({role::heavy_author, 3});
  net.sim.run_for(20'000);
  block_log there{net, {role::heavy_author, 3}, 91};
  net.sim.run_for(5'000);
  CHECK(there.height() + 5 > here.height());
  CHECK(agreement(here, there) > 500);
  bool leads = false;
  for (const auto& x : here.all())
    leads = leads || (x.round > gone && x.author == 3);
  CHECK(leads);
}

TEST_CASE(
  "catch-up: authors that are down, or cut off, while committees change come back into the new "
  "epoch, lead blocks, and all jobs are paid") {
  scratch dir;
  virtual_cluster net{{.validators = 4, .params = short_terms(), .data_dir = dir.text()}};
  heavy_log log{net, 96};  // hears author 0
  job_stream jobs{net};
  net.drop(role::heavy_author, 3);
  net.net->cut({role::fast_author, 3});  // its validator goes on: audits need it
  jobs.run(60'000, 2'000);
  REQUIRE(seatings(log, role::heavy_author) >= 1);
  REQUIRE(seatings(log, role::fast_author) >= 1);
  net.host(role::heavy_author, 3);
  net.net->mend({role::fast_author, 3});
  net.sim.run_for(10'000);
  block_log heavy_here{net, {role::heavy_author, 0}, 90};
  block_log heavy_there{net, {role::heavy_author, 3}, 91};
  block_log fast_here{net, {role::fast_author, 0}, 92};
  block_log fast_there{net, {role::fast_author, 3}, 93};
  net.sim.run_for(60'000);
  CHECK(agreement(heavy_here, heavy_there) > 50);
  CHECK(agreement(fast_here, fast_there) > 50);
  CHECK(heavy_there.epoch() == heavy_here.epoch());
  CHECK(fast_there.epoch() == fast_here.epoch());
  bool leads = false;
  for (const auto& x : heavy_here.all())
    leads = leads || (x.epoch == heavy_here.epoch() && x.author == 3);
  CHECK(leads);
  jobs.check_all_paid(log);
}

TEST_CASE(
  "catch-up: an author with an emptied database signs nothing until the next epoch, never "
  "signs a round twice, and then proposes again") {
  scratch dir;
  {
    virtual_cluster net{{.validators = 4, .params = short_terms(), .data_dir = dir.text()}};
    heavy_log log{net, 96};  // hears author 0
    net.sim.run_for(8'000);
    net.drop(role::heavy_author, 3);
    for (const auto* end : {".db", ".db-wal", ".db-shm"})
      std::filesystem::remove(dir.path() / (std::string{"heavy-3"} + end));
    net.host(role::heavy_author, 3);
    block_log here{net, {role::heavy_author, 0}, 90};
    net.sim.run_for(8'000);
    for (const auto& x : here.all())
      if (x.epoch == 0 && x.timestamp_ms > 1'750'000'000'000 + 10'000)
        CHECK(x.author != 3);
    REQUIRE(net.sim.run_until([&] { return seatings(log, role::heavy_author) >= 1; }, 120'000));
    net.sim.run_for(25'000);
    bool leads = false;
    for (const auto& x : here.all())
      leads = leads || (x.epoch > 0 && x.author == 3);
    CHECK(leads);
  }
  CHECK(twins_in(dir, "heavy-0", 3) == 0);
}
