// Distances, jitter, loss and cuts of a scenario's network.
#include "tools/scenario/network.hpp"

#include "tools/scenario/places.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace datagen;
using namespace datagen::scenario;

TEST_CASE("scenario network: distances are the measured ones, or modelled and named so") {
  CHECK(between("madrid", "london").one_way_us == 13'500);
  CHECK(between("madrid", "london").measured);
  // Nairobi and Dar es Salaam are 670 km apart: 2 * 670 * 1.6 / 200 + 2 = 12.7 ms round trip.
  const auto near = between("nairobi", "dar_es_salaam");
  CHECK_FALSE(near.measured);
  CHECK(near.one_way_us > 6'000);
  CHECK(near.one_way_us < 6'800);
  for (const auto& a : place_names())
    for (const auto& b : place_names())
      CHECK(between(a, b).one_way_us > 0);
}

TEST_CASE(
  "scenario network: jitter has the sigma that was asked for, loss its share, a cut its "
  "direction") {
  script x;
  x.place = "madrid";
  x.places[{'u', 0}] = "london";
  x.jitter_ppm = 50'000;
  network delays{x};
  double sum = 0, squares = 0;
  constexpr int draws = 20'000;
  for (int i = 0; i < draws; ++i) {
    const auto us = static_cast<double>(*delays.delay_us({role::user, 0}, {role::validator, 1}));
    sum += us;
    squares += us * us;
  }
  const auto mean = sum / draws;
  CHECK(mean == doctest::Approx(13'500).epsilon(0.002));
  CHECK(std::sqrt(squares / draws - mean * mean) == doctest::Approx(675).epsilon(0.03));
  CHECK(*delays.delay_us({role::validator, 1}, {role::fast_author, 1}) == 0);  // one host

  x.loss_ppm = 100'000;
  network lossy{x};
  for (int i = 0; i < draws; ++i)
    (void)lossy.delay_us({role::user, 0}, {role::validator, 1});
  CHECK(lossy.lost() == doctest::Approx(draws / 10.0).epsilon(0.06));

  x.loss_ppm = 0;
  network cut{x};
  const act::cut one_way{{{'v', 1}}, {{'v', 2}}, false};
  cut.apply(one_way);
  CHECK_FALSE(cut.delay_us({role::validator, 1}, {role::fast_author, 2}));
  CHECK(cut.delay_us({role::fast_author, 2}, {role::validator, 1}));
  cut.apply(act::mend{one_way.from, one_way.to, false});
  CHECK(cut.delay_us({role::validator, 1}, {role::fast_author, 2}));
}
