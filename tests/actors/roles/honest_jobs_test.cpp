// A small share of the long run `honest_jobs` (its record: honest_record.md).

#include "tests/actors/roles/honest_life.hpp"

using namespace datagen::tests;

TEST_CASE("R18 R27 honest jobs: under random stalls, partitions shorter than the grace period and slow "
          "checkers no validator loses stake") {
  for (const std::uint64_t seed : {1, 2}) {
    CAPTURE(seed);
    honest_life life{seed};
    life.run(30);
    CHECK(life.faults() > 0);
    CHECK(life.audits() > 0);
    CHECK(life.all_final());
    for (const auto& loss : life.losses())
      FAIL_CHECK(loss);
    CHECK(life.succeeded() > 20);
  }
}
