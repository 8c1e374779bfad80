// How the growth of a long run is told.
#include "tools/scenario/memory.hpp"

#include <doctest/doctest.h>

using namespace datagen::scenario;

TEST_CASE("scenario memory: growth is what the later half does, whatever the first one filled") {
  std::vector<memory_sample> samples;
  for (std::uint64_t i = 0; i < 60; ++i)  // fills up for half an hour, then 6,000 bytes an hour
    samples.push_back({i * 60'000, i < 30 ? i * 1'000'000 : 30'000'000 + (i - 30) * 100});
  CHECK(growth_per_hour(samples) == doctest::Approx(6'000).epsilon(0.001));
  for (auto& x : samples)
    x.bytes = 7;
  CHECK(growth_per_hour(samples) == 0);
  CHECK(growth_per_hour({{0, 1}, {1, 2}, {2, 3}}) == 0);
}

TEST_CASE("scenario memory: this process is some megabytes large") {
  CHECK(resident_bytes() > 1'000'000);
}
