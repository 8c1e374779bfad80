// Committees come and go under load (consensus.md 2.13, scenario 16).

#include "tests/actors/chain/support.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

TEST_CASE(
  "epochs: both chains change their committees twice under load, and every job is settled and paid "
  "exactly once") {
  virtual_cluster net{{.validators = 4, .params = short_terms()}};
  heavy_log log{net};
  job_stream jobs{net};
  const block_log here{net, {role::fast_author, 0}, 90};
  const block_log there{net, {role::fast_author, 3}, 91};
  for (int i = 0;
       i < 12 && (seatings(log, role::heavy_author) < 2 || seatings(log, role::fast_author) < 2);
       ++i)
    jobs.run(10'000);
  CHECK(seatings(log, role::heavy_author) >= 2);
  CHECK(seatings(log, role::fast_author) >= 2);
  jobs.run(5'000);
  jobs.check_all_paid(log);
  CHECK(here.epoch() >= 2);
  CHECK(agreement(here, there) > 100);
}
