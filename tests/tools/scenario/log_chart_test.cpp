// The fits and the picture of `scenario scale`.
#include "tools/scenario/scale.hpp"

#include <doctest/doctest.h>

using namespace datagen::scenario;

TEST_CASE("log chart: the exponent of a power is found, whatever its factor") {
  CHECK(*exponent_of({"square", {{10, 300}, {30, 2700}, {100, 30'000}}}) == doctest::Approx(2));
  CHECK(*exponent_of({"flat", {{10, 7}, {100, 7}}}) == doctest::Approx(0));
  CHECK(*exponent_of({"inverse", {{1, 8}, {2, 4}, {4, 2}}}) == doctest::Approx(-1));
}

TEST_CASE("log chart: nothing is fitted through fewer than two numbers of validators") {
  CHECK_FALSE(exponent_of({"none", {}}).has_value());
  CHECK_FALSE(exponent_of({"one", {{10, 5}, {10, 6}}}).has_value());
  CHECK_FALSE(exponent_of({"zero has no logarithm", {{10, 5}, {20, 0}}}).has_value());
}

TEST_CASE("log chart: a picture names each line with its exponent, and has a point for each value") {
  const auto picture =
    draw_log_chart("costs", "validators", {{"messages", {{10, 100}, {100, 1'000}}}, {"none", {}}});
  CHECK(picture.starts_with("<svg "));
  CHECK(picture.ends_with("</svg>\n"));
  CHECK(picture.find("messages: n^1.00") != std::string::npos);
  std::size_t circles = 0;
  for (auto at = picture.find("<circle"); at != std::string::npos; at = picture.find("<circle", at + 1))
    ++circles;
  CHECK(circles == 2);
}

TEST_CASE("scale: costs are drawn per job and per Echo, for packages to all and to a sample apart") {
  const auto lines = growth_of({{.validators = 10, .jobs = 10, .messages = 1'000, .packages = 20, .echoes = 2},
                                {.validators = 20, .jobs = 10, .messages = 2'000, .packages = 40, .echoes = 2},
                                {.validators = 20, .sampled = true, .packages = 16, .echoes = 1}});
  REQUIRE(lines.size() == 10);
  CHECK(lines[0].name == "messages a job, all");
  CHECK(lines[0].points == decltype(lines[0].points){{10, 100}, {20, 200}});
  CHECK(*exponent_of(lines[3]) == doctest::Approx(1));  // packages an Echo, all
  CHECK(lines[8].name == "packages an Echo, sample");
  CHECK(lines[8].points == decltype(lines[8].points){{20, 16}});
}
