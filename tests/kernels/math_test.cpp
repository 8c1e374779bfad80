#include "kernels/math.hpp"

#include <cmath>
#include <string>

#include "kernels/fixed_point.hpp"
#include "kernels/philox.hpp"
#include "support.hpp"

using namespace datagen::kernels;
using namespace datagen::kernels::testing;

namespace {

/// Distance in units of the last place of `exact` rounded to f64.
double ulps(double found, long double exact) {
  const double nearest = static_cast<double>(exact);
  const double unit = std::nextafter(std::fabs(nearest), INFINITY) - std::fabs(nearest);
  return std::fabs(static_cast<double>((static_cast<long double>(found) - exact) / unit));
}

double uniform(random_source& random, double low, double high) {
  return low + (high - low) * static_cast<double>(random.next() >> 11) * 0x1p-53;
}

}  // namespace

TEST_CASE("philox: Random123's three known answers for Philox4x32-10") {
  const auto words = [](random_words w) {
    return std::vector<std::uint32_t>(w.word, w.word + 4);
  };
  constexpr std::uint32_t all = 0xffffffff;
  CHECK(words(philox({{0, 0, 0, 0}}, 0, 0)) ==
        std::vector<std::uint32_t>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(words(philox({{all, all, all, all}}, all, all)) ==
        std::vector<std::uint32_t>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(words(philox({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0xa4093822,
                     0x299f31d0)) ==
        std::vector<std::uint32_t>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("philox: an item's words depend on seed, item, sample and draw alone") {
  const auto same = [](random_words a, random_words b) {
    return std::equal(a.word, a.word + 4, b.word);
  };
  CHECK(same(draw_words(0xa4093822, 1, 2, 3), philox({{1, 2, 3, 0}}, 0xa4093822, 0)));
  CHECK(same(draw_words(std::uint64_t{5} << 32, 1, 2, 3), philox({{1, 2, 3, 0}}, 0, 5)));
  CHECK(unit_float(0) == 0.0f);
  CHECK(unit_float(0xffffffff) < 1.0f);
  CHECK(open_unit(0) > 0.0);
  CHECK(open_unit(0xffffffff) < 1.0);
}

TEST_CASE("math: exp and log are within 1.5 and 2 units of the last place") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  double worst_exp = 0;
  double worst_log = 0;
  for (int i = 0; i < 200000; ++i) {
    const double x = uniform(random, -700, 700);
    worst_exp = std::max(worst_exp, ulps(exponential(x), std::exp(static_cast<long double>(x))));
    const double y = exponential(uniform(random, -40, 40));
    if (y < 0.999 || y > 1.001)
      worst_log = std::max(worst_log, ulps(logarithm(y), std::log(static_cast<long double>(y))));
  }
  CHECK(worst_exp < 1.5);
  CHECK(worst_log < 2.0);
  CHECK(exponential(0) == 1.0);
  CHECK(logarithm(1) == 0.0);
  CHECK(exponential(1e9) == exponential(700));
  CHECK(exponential(-1e9) == exponential(-700));
}

TEST_CASE("math: the normal quantile undoes the normal distribution, tails included") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  double worst = 0;
  for (int i = 0; i < 200000; ++i) {
    const double p = i % 2 == 0 ? open_unit(static_cast<std::uint32_t>(random.next()))
                                : std::pow(10.0, uniform(random, -15, -1));
    const long double z = normal_quantile(p);
    const long double back = 0.5L * std::erfc(-z / std::sqrt(2.0L));
    const long double density = std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0L));
    worst = std::max(worst, static_cast<double>(std::fabs(back - p) / density /
                                                std::max(1.0L, std::fabs(z))));
  }
  CHECK(worst < 4e-15);
  CHECK(normal_quantile(0.5) == 0.0);
  CHECK(normal_quantile(0.25) == -normal_quantile(0.75));
}

TEST_CASE("math: sine and cosine of turns, exact at the quarters") {
  double worst64 = 0;
  double worst32 = 0;
  for (int i = 0; i <= 100000; ++i) {
    const double t = i / 100000.0;
    const long double angle = 2 * std::acos(-1.0L) * t;
    const auto d = sine_cosine_turns(t);
    worst64 = std::max({worst64, static_cast<double>(std::fabs(d.sine - std::sin(angle))),
                        static_cast<double>(std::fabs(d.cosine - std::cos(angle)))});
    const float tf = static_cast<float>(t);
    const long double angle32 = 2 * std::acos(-1.0L) * tf;
    const auto f = sine_cosine_turns(tf);
    worst32 = std::max({worst32, static_cast<double>(std::fabs(f.sine - std::sin(angle32))),
                        static_cast<double>(std::fabs(f.cosine - std::cos(angle32)))});
  }
  CHECK(worst64 < 1e-15);
  CHECK(worst32 < 4e-7);
  CHECK(sine_cosine_turns(0.25).sine == 1.0);
  CHECK(sine_cosine_turns(0.5f).cosine == -1.0f);
}

TEST_CASE("math: bits never change, whatever the compiler: one hash over many arguments") {
  bytes all;
  const auto keep = [&](double value) {
    std::uint8_t raw[8];
    std::memcpy(raw, &value, 8);
    all.insert(all.end(), raw, raw + 8);
  };
  random_source random(7);
  for (int i = 0; i < 20000; ++i) {
    const double u = open_unit(static_cast<std::uint32_t>(random.next()));
    keep(exponential(u * 40 - 20));
    keep(logarithm(u));
    keep(normal_quantile(u));
    keep(sine_cosine_turns(u).sine);
    keep(static_cast<double>(sine_cosine_turns(static_cast<float>(u)).cosine));
  }
  CHECK(hex(sha256(all)) == "3105b42a1d9eb70f9ec9dce92b2e898a858d2641c1d45fb94176606fea967a7b");
}

TEST_CASE("fixed point: rounding is to the nearest whole number, ties to even, also above 2^64") {
  CHECK(rounded_integer(0.0) == 0);
  CHECK(rounded_integer(0.5) == 0);
  CHECK(rounded_integer(1.5) == 2);
  CHECK(rounded_integer(2.5) == 2);
  CHECK(rounded_integer(0x1p52 + 1) == (std::uint64_t{1} << 52) + 1);
  CHECK(integer_text(rounded_integer(0x1p70)) == "1180591620717411303424");
  CHECK(integer_text(rounded_integer(0x1.8p92)) == "7427640235712281649394745344");
}

TEST_CASE("fixed point: decimals are exact and rounded half up") {
  CHECK(decimal_text(1, 3) == "0.333333333333");
  CHECK(decimal_text(2, 3) == "0.666666666667");
  CHECK(decimal_text(10, 5) == "2.000000000000");
  CHECK(decimal_text(wide_integer{1} << 100, wide_integer{1} << 70) == "1073741824.000000000000");
  CHECK(decimal_text(9999999999999, 10000000000000) == "1.000000000000");
}
