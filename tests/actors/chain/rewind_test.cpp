// A Fast state that goes back behind what its author's relay has forgotten of Heavy
// (consensus.md 2.13).

#include "tests/actors/chain/support.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

TEST_CASE(
  "rewind: a committee whose last checkpoints never reach Heavy is replaced by the same members, "
  "who "
  "relay again what the void blocks had told of Heavy, and every job is paid once") {
  scratch dir;
  const auto lost = std::make_shared<bool>(false);
  virtual_cluster net{{.validators = 4,
                       .params = short_terms(),
                       .data_dir = dir.text(),
                       .extra_delay_us = [lost](const peer& from, const peer& to) -> std::uint64_t {
                         const bool up =
                           from.kind == role::fast_author && to.kind == role::heavy_author;
                         return up && *lost ? 1'000'000'000'000 : 0;
                       }}};
  heavy_log log{net, 96};
  block_log fast{net, {role::fast_author, 0}, 80};
  job_stream jobs{net};
  const auto ready = [&] {
    bool result = false;
    log.each<happened::committee_ready>([&](const auto& x) {
      result = result || x.next.chain == fast_chain_id(net.net_cluster->chain());
    });
    return result;
  };
  jobs.run(5'000);
  REQUIRE(net.sim.run_until(ready, 60'000));
  *lost = true;
  job_stream later{net, 1};  // its session is told in blocks that become void
  jobs.run(4'000, 500);
  REQUIRE(seatings(log, role::fast_author) == 0);
  // Who relayed Heavy in the void blocks is not there to offer it again.
  net.drop(role::validator, 3);
  const auto height = fast.height();
  REQUIRE(net.sim.run_until([&] { return seatings(log, role::fast_author) >= 1; }, 300'000));
  std::uint64_t base = 0;
  log.each<happened::committee_seated>([&](const auto& x) {
    if (x.base && base == 0)
      base = x.base->fast_height;
  });
  CHECK(base < height);  // blocks became void
  *lost = false;
  // The others tell their state once more what it has forgotten: the later session is served.
  later.job();
  const auto settled = [&] {
    std::uint32_t leaves = 0;
    log.each<happened::checkpoint_settled>([&](const auto& x) { leaves += x.content.leaves; });
    return leaves;
  };
  CHECK(net.sim.run_until([&] { return settled() == jobs.jobs + later.jobs; }, 60'000));
  net.host(role::validator, 3);
  jobs.run(5'000);
  jobs.jobs += later.jobs;
  jobs.fees += later.fees;
  jobs.check_all_paid(log, 300'000);
}
