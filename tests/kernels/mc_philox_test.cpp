#include <cmath>
#include <string>

#include "kernels/philox.hpp"
#include "support.hpp"

using namespace datagen::kernels;
using namespace datagen::kernels::testing;

namespace {

/// The value of `key` in the output's text.
std::string field(const job_result& result, const std::string& key) {
  const std::string text(result.output.begin(), result.output.end());
  const std::size_t at = text.find("\"" + key + "\": \"");
  if (at == text.npos) return "missing";
  const std::size_t begin = at + key.size() + 5;
  return text.substr(begin, text.find('"', begin) - begin);
}

double number(const job_result& result, const std::string& key) {
  return std::stod(field(result, key));
}

struct contract {
  double spot, strike, rate, volatility, years;
};

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

/// Black and Scholes 1973, equation 13.
double black_scholes_call(const contract& c) {
  const double deviation = c.volatility * std::sqrt(c.years);
  const double d1 =
      (std::log(c.spot / c.strike) + (c.rate + c.volatility * c.volatility / 2) * c.years) /
      deviation;
  return c.spot * normal_cdf(d1) -
         c.strike * std::exp(-c.rate * c.years) * normal_cdf(d1 - deviation);
}

double black_scholes_put(const contract& c) {
  return black_scholes_call(c) - c.spot + c.strike * std::exp(-c.rate * c.years);
}

std::string decimal(double value) {
  std::string text = std::to_string(value);
  return text;
}

std::string params_of(const std::string& kind, const contract& c, int paths, int steps,
                      int seed) {
  return "kind=" + kind + "\npaths=" + std::to_string(paths) + "\nrate=" + decimal(c.rate) +
         "\nseed=" + std::to_string(seed) + "\nspot=" + decimal(c.spot) +
         "\nsteps=" + std::to_string(steps) + "\nstrike=" + decimal(c.strike) +
         "\nvolatility=" + decimal(c.volatility) + "\nyears=" + decimal(c.years);
}

/// Standard normal quantile by bisection of erfc in long double: slow, obviously right.
long double quantile(long double p) {
  long double low = -10;
  long double high = 10;
  for (int i = 0; i < 90; ++i) {
    const long double middle = (low + high) / 2;
    (0.5L * std::erfc(-middle / std::sqrt(2.0L)) < p ? low : high) = middle;
  }
  return low;
}

/// The same draws in long double with libm: no fixed point, no shared formulas but the model.
long double reference_price(const std::string& kind, const contract& c, std::uint32_t paths,
                            std::uint32_t steps, std::uint64_t seed) {
  const long double dt = static_cast<long double>(c.years) / steps;
  const long double v = c.volatility;
  long double total = 0;
  for (std::uint32_t path = 0; path < paths; ++path) {
    long double log_price = 0;
    long double sum = 0;
    for (std::uint32_t step = 0; step < steps; ++step) {
      const auto words = draw_words(seed, path, 0, step / 4);
      const long double u = (static_cast<long double>(words.word[step % 4]) + 0.5L) / 4294967296.0L;
      log_price += (static_cast<long double>(c.rate) - v * v / 2) * dt + v * std::sqrt(dt) * quantile(u);
      sum += static_cast<long double>(c.spot) * std::exp(log_price);
    }
    const long double last = static_cast<long double>(c.spot) * std::exp(log_price);
    const long double price = kind == "asian-call" ? sum / steps : last;
    const long double gain = kind == "put" ? static_cast<long double>(c.strike) - price
                                           : price - static_cast<long double>(c.strike);
    total += std::max(gain, 0.0L);
  }
  return total / paths * std::exp(-static_cast<long double>(c.rate) * c.years);
}

}  // namespace

TEST_CASE("mc.philox: European prices agree with Black and Scholes within 4 standard errors") {
  const contract contracts[] = {{100, 100, 0.05, 0.2, 1}, {100, 130, 0.01, 0.5, 2},
                                {42, 40, 0.1, 0.2, 0.5},  {1500, 1000, -0.02, 0.9, 0.25}};
  int seed = 11;
  for (const auto& c : contracts) {
    CAPTURE(c.spot);
    CAPTURE(++seed);
    const auto call = run_cpu("mc.philox", params_of("call", c, 400000, 1, seed), {});
    REQUIRE_MESSAGE(call.ok(), call.message);
    CHECK(std::fabs(number(call, "price") - black_scholes_call(c)) <
          4 * number(call, "standard_error"));
    const auto put = run_cpu("mc.philox", params_of("put", c, 100000, 3, seed), {});
    CHECK(std::fabs(number(put, "price") - black_scholes_put(c)) <
          4 * number(put, "standard_error"));
    CHECK(field(call, "saturated") == "0");
  }
}

TEST_CASE("mc.philox: equals a long double simulation of the same draws to nine digits") {
  const contract c{100, 105, 0.03, 0.35, 1.5};
  for (const std::string kind : {"call", "put", "asian-call"})
    for (int steps : {1, 4, 7}) {
      CAPTURE(kind);
      CAPTURE(steps);
      const auto result = run_cpu("mc.philox", params_of(kind, c, 600, steps, 5), {});
      const auto expected = static_cast<double>(
          reference_price(kind, c, 600, static_cast<std::uint32_t>(steps), 5));
      CHECK(std::fabs(number(result, "price") / expected - 1) < 1e-9);
    }
}

TEST_CASE("mc.philox: the bytes do not depend on the number of threads") {
  const auto seed = test_seed();
  CAPTURE(seed);
  const contract c{100, 95, 0.02, 0.3, 1};
  for (const std::string kind : {"call", "asian-call"}) {
    const auto params =
        params_of(kind, c, 100001, 5, static_cast<int>(seed % 1000000));
    const auto one = run_cpu("mc.philox", params, {}, 1);
    REQUIRE(one.ok());
    CHECK(run_cpu("mc.philox", params, {}, 2).output == one.output);
    CHECK(run_cpu("mc.philox", params, {}, 3).output == one.output);
    if (has_cuda()) CHECK(run_cuda("mc.philox", params, {}).output == one.output);
  }
}

TEST_CASE("mc.philox: known answer, so that an old result still verifies") {
  const auto result = run_cpu("mc.philox", "kind=asian-call\npaths=20000\nseed=42\nsteps=12", {});
  CHECK(std::string(result.output.begin(), result.output.end()) == R"({
  "kernel": "mc.philox",
  "kind": "asian-call",
  "price": "6.290837172313",
  "standard_error": "0.061139864556",
  "paths": "20000",
  "steps": "12",
  "payoff_sum_2e-40": "138336972388083630",
  "square_sum_2e-32": "9821091692293398",
  "saturated": "0"
}
)");
}

TEST_CASE("mc.philox: without volatility the price is the discounted certainty, error zero") {
  const auto result =
      run_cpu("mc.philox", "paths=1000\nrate=0\nspot=110\nstrike=100\nvolatility=0", {});
  CHECK(field(result, "price") == "10.000000000000");
  CHECK(field(result, "standard_error") == "0.000000000000");
  CHECK(field(result, "payoff_sum_2e-40") == "10995116277760000");
}

TEST_CASE("mc.philox: runaway payoffs saturate, and say so") {
  // A put under a rate of -1 for 50 years: the discount factor alone is e^50.
  const auto result = run_cpu("mc.philox", "kind=put\npaths=1000\nrate=-1\nyears=50", {});
  CHECK(field(result, "saturated") == "1000");
  CHECK(field(result, "price") == "1073741824.000000000000");
}

TEST_CASE("mc.philox: units are the draws") {
  CHECK(loaded().units({.kernel = "mc.philox", .params = "paths=1000\nsteps=10", .input = {}})
            .units == 1 + 10000 / 32);
  CHECK(run_cpu("mc.philox", "paths=1000\nsteps=10", {}).units == 1 + 10000 / 32);
}

TEST_CASE("mc.philox: bad parameters and limits are refused by name") {
  const auto refused = [](std::string_view params, const bytes& input = {}) {
    const auto result = run_cpu("mc.philox", params, input);
    CHECK(result.output.empty());
    return std::to_string(result.exit_status) + ": " + result.message;
  };
  CHECK(refused("kind=barrier") ==
        "1: parameter 'kind' is 'barrier', expected one of call|put|asian-call");
  CHECK(refused("paths=0") == "3: parameter 'paths' is 0, the limits are 1 to 1073741824");
  CHECK(refused("spot=0") == "3: parameter 'spot' is 0, the limits are 0.01 to 1000000");
  CHECK(refused("volatility=-0.1") ==
        "3: parameter 'volatility' is -0.1, the limits are 0 to 5");
  CHECK(refused("paths=1073741824\nsteps=4096") ==
        "3: paths*steps is 4398046511104 draws, the limit is 17179869184 draws");
  CHECK(refused("", {1, 2}) == "3: input is 2 bytes, the limit is 0 bytes");
  CHECK(refused("sigma=1").starts_with("1: unknown parameter 'sigma', allowed: kind, paths, "));
}
