#include "tools/scenario/confidence.hpp"

#include <doctest/doctest.h>

using namespace datagen::scenario;
using doctest::Approx;

TEST_CASE("confidence: Wilson's interval is that of the tables, and closed at none and all") {
  const auto half = wilson(50, 100);
  CHECK(half.low == Approx(0.4038).epsilon(0.001));
  CHECK(half.high == Approx(0.5962).epsilon(0.001));
  const auto none = wilson(0, 10);
  CHECK(none.low == 0);
  CHECK(none.high == Approx(0.2775).epsilon(0.001));
  CHECK(wilson(10, 10).high == 1);
  CHECK(wilson(10, 10).holds(1));
  CHECK_FALSE(wilson(2, 100).holds(0.2));
  CHECK(wilson(0, 0).holds(0.7));
}

TEST_CASE("confidence: convictions take their part of a stake each until nothing is left") {
  CHECK(capped_sum(5, 0, 680, 2'000).mean == 0);
  CHECK(capped_sum(1, 1, 680, 2'000).mean == Approx(680));
  CHECK(capped_sum(3, 1, 680, 2'000).mean == Approx(2'000));
  const auto one = capped_sum(1, 0.2, 680, 2'000);
  CHECK(one.mean == Approx(136));
  CHECK(one.variance == Approx(0.16 * 680 * 680));
  CHECK(capped_sum(1'000, 0.2, 680, 2'000).mean == Approx(2'000));
  CHECK(capped_sum(2, 0.5, 680, 1'000).mean == Approx(0.5 * 680 + 0.25 * 1'000));
}
