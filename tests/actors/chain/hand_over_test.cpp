// Committees that die, members that stay silent, and restarts in the middle of a change
// (consensus.md 2.13, 3.3; scenario 16).

#include "tests/actors/chain/support.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

TEST_CASE(
  "hand-over: a Fast committee of which more than f lose their links is replaced, its unsettled "
  "leaves are sent again, and each is paid once") {
  auto params = short_terms();
  params.fast_committee_max = 4;
  virtual_cluster net{{.validators = 9, .params = params}};
  heavy_log log{net};
  job_stream jobs{net};
  jobs.run(5'000);
  // Two of four: no more checkpoints. Their validators go on working.
  for (const std::uint32_t id : {2u, 3u})
    net.net->cut({role::fast_author, id});
  for (int i = 0; i < 30 && seatings(log, role::fast_author) < 1; ++i)
    jobs.run(10'000, 5'000);
  REQUIRE(seatings(log, role::fast_author) >= 1);
  for (const std::uint32_t id : {2u, 3u})
    net.net->mend({role::fast_author, id});
  jobs.run(5'000);
  jobs.check_all_paid(log, 300'000);
}

TEST_CASE(
  "hand-over: a committee makes its coin although f of its members never deal or acknowledge") {
  virtual_cluster net{{.validators = 4, .params = short_terms()}};
  heavy_log log{net, 96};  // hears author 0
  net.net->cut({role::heavy_author, 3});
  REQUIRE(net.sim.run_until([&] { return seatings(log, role::heavy_author) >= 1; }, 120'000));
  log.each<happened::coin_dealt>([&](const auto& x) {
    if (x.chain != heavy_chain_id(net.net_cluster->chain()))
      return;
    CHECK(x.content.dealer != 3);
    CHECK(dkg::revealed_share(x.content, 3));  // so that it could serve when it comes back
  });
}

TEST_CASE(
  "hand-over: everything is stopped and started at many moments of two changes, and goes on: "
  "both chains change, and every job is paid once") {
  scratch dir;
  std::uint32_t jobs_done = 0;
  std::uint64_t unix_ms = 1'750'000'000'000;
  std::uint32_t changes = 0;
  for (std::uint64_t life = 0; life < 8; ++life) {
    CAPTURE(life);
    virtual_cluster net{{.validators = 4,
                         .params = short_terms(),
                         .data_dir = dir.text(),
                         .seed = 10 + life,
                         .unix_ms = unix_ms}};
    heavy_log log{net};
    if (life == 0) {
      job_stream jobs{net};
      jobs.run(5'000);
      jobs_done = jobs.jobs;
    }
    // Lives of different length, so that stops fall into elections, ceremonies and hand-overs.
    const auto length = 6'000 + 2'700 * (life % 5);
    net.sim.run_for(length);
    unix_ms += length + 20'000;
    changes = seatings(log, role::heavy_author);
    if (life == 7) {
      net.sim.run_for(60'000);
      CHECK(seatings(log, role::heavy_author) > 2);
      CHECK(seatings(log, role::fast_author) > 1);
      std::uint32_t leaves = 0;
      log.each<happened::checkpoint_settled>([&](const auto& x) { leaves += x.content.leaves; });
      CHECK(leaves == jobs_done);
    }
  }
  CHECK(changes > 0);
}
