// How the growth of a long run is told.
#include "tests/support/scratch.hpp"

#include "tools/scenario/memory.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace datagen::scenario;

TEST_CASE("scenario memory: growth is what the later half does, whatever the first one filled") {
  std::vector<memory_sample> samples;
  for (std::uint64_t i = 0; i < 60; ++i)  // fills up for half an hour, then 6,000 bytes an hour
    samples.push_back({.at_ms = i * 60'000,
                       .bytes = i < 30 ? i * 1'000'000 : 30'000'000 + (i - 30) * 100,
                       .states = i * 10,
                       .databases = i * 1'000});
  CHECK(growth_per_hour(samples) == doctest::Approx(6'000).epsilon(0.001));
  CHECK(growth_per_hour(samples, &memory_sample::states) == doctest::Approx(600).epsilon(0.01));
  CHECK(growth_per_hour(samples, &memory_sample::databases) ==
        doctest::Approx(60'000).epsilon(0.001));
  for (auto& x : samples)
    x.bytes = 7;
  CHECK(growth_per_hour(samples) == 0);
  samples.resize(3);
  samples.back().bytes = 8;
  CHECK(growth_per_hour(samples) == 0);
}

TEST_CASE("scenario memory: files count wherever they lie below a directory") {
  const datagen::tests::scratch dir;
  CHECK(bytes_below(dir.path() / "nothing") == 0);
  std::filesystem::create_directory(dir.path() / "inside");
  std::ofstream{dir.path() / "a"} << "12345";
  std::ofstream{dir.path() / "inside/b"} << "678";
  CHECK(bytes_below(dir.path()) == 8);
}

TEST_CASE("scenario memory: this process is some megabytes large") {
  CHECK(resident_bytes() > 1'000'000);
}
