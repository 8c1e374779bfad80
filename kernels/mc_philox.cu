#include "mc_philox.hpp"

#include <string>

#include "fixed_point.hpp"
#include "host_device.hpp"
#include "launch.hpp"
#include "math.hpp"
#include "params.hpp"
#include "philox.hpp"

namespace datagen::kernels {
namespace {

constexpr std::uint64_t paths_max = std::uint64_t{1} << 30;
constexpr std::uint64_t steps_max = 4096;
constexpr std::uint64_t draws_max = std::uint64_t{1} << 34;
constexpr datagen_limit limits[] = {{"input", 0, "bytes"},
                                    {"paths", paths_max, "paths"},
                                    {"steps", steps_max, "steps"},
                                    {"paths*steps", draws_max, "draws"}};
constexpr std::uint64_t group_paths = 256;  // paths that one item sums

using type = param_rule::type;
constexpr param_rule rules[] = {
    {.key = "kind", .kind = type::word, .fallback = "call", .words = "call|put|asian-call"},
    {.key = "paths", .fallback = "1000000", .minimum = 1, .maximum = paths_max},
    {.key = "rate", .kind = type::real, .fallback = "0.05", .minimum = -1, .maximum = 1},
    {.key = "seed", .fallback = "1", .minimum = 0, .maximum = 0x1p64},
    {.key = "spot", .kind = type::real, .fallback = "100", .minimum = 0.01, .maximum = 1000000},
    {.key = "steps", .fallback = "1", .minimum = 1, .maximum = steps_max},
    {.key = "strike", .kind = type::real, .fallback = "100", .minimum = 0.01,
     .maximum = 1000000},
    {.key = "volatility", .kind = type::real, .fallback = "0.2", .minimum = 0, .maximum = 5},
    {.key = "years", .kind = type::real, .fallback = "1", .minimum = 0, .maximum = 50},
};

enum class option { call, put, asian_call };

/// What every path needs, computed once on the host by profile operations.
struct model {
  option kind = option::call;
  std::uint64_t paths = 0, seed = 0;
  std::uint32_t steps = 0;
  double spot = 0, strike = 0;
  double drift = 0;      // of the logarithm, per step
  double deviation = 0;  // of the logarithm, per step
  double discount = 0;
};

failure parse(const work& work, model& m) {
  param_values values;
  if (auto bad = parse_params(work.params, rules, values)) return bad;
  if (!work.input.empty())
    return over_limit("input", work.input.size(), 0, "bytes");
  const std::string& kind = values.word("kind");
  m.kind = kind == "call" ? option::call : kind == "put" ? option::put : option::asian_call;
  m.paths = values.integer("paths");
  m.seed = values.integer("seed");
  m.steps = static_cast<std::uint32_t>(values.integer("steps"));
  if (m.paths * m.steps > draws_max)
    return over_limit("paths*steps", m.paths * m.steps, draws_max, "draws");
  m.spot = values.real("spot");
  m.strike = values.real("strike");
  const double rate = values.real("rate");
  const double volatility = values.real("volatility");
  const double step_years = values.real("years") / m.steps;
  m.drift = fused(-0.5 * volatility, volatility, rate) * step_years;
  m.deviation = volatility * square_root(step_years);
  m.discount = exponential(-rate * values.real("years"));
  return {};
}

std::uint64_t units(const work&, const model& m) {
  return 1 + m.paths * m.steps / 32;
}

/// Discounted payoff of one path.
DATAGEN_HD double payoff(const model& m, std::uint32_t path) {
  double log_price = 0;
  double sum = 0;
  random_words words{};
  for (std::uint32_t step = 0; step < m.steps; ++step) {
    if (step % 4 == 0) words = draw_words(m.seed, path, 0, step / 4);
    const double z = normal_quantile(open_unit(words.word[step % 4]));
    log_price = log_price + fused(m.deviation, z, m.drift);
    if (m.kind == option::asian_call) sum = fused(m.spot, exponential(log_price), sum);
  }
  const double price =
      m.kind == option::asian_call ? sum / m.steps : m.spot * exponential(log_price);
  const double gain = m.kind == option::put ? m.strike - price : price - m.strike;
  return greatest(gain, 0.0) * m.discount;
}

/// Exact sums over some paths.
struct sums {
  wide_integer payoffs = 0;  // in 2^-40
  wide_integer squares = 0;  // in 2^-32
  std::uint64_t saturated = 0;

  DATAGEN_HD void add(double value) {
    constexpr double largest = 0x1p30;
    if (!(value < largest)) {
      value = largest;
      saturated += 1;
    }
    payoffs += rounded_integer(value * 0x1p40);
    squares += rounded_integer(value * value * 0x1p32);
  }
};

struct simulate_group {
  model m;
  std::uint64_t first_group;
  sums* out;

  DATAGEN_HD void operator()(std::uint64_t item) const {
    const std::uint64_t begin = (first_group + item) * group_paths;
    const std::uint64_t end = least(begin + group_paths, m.paths);
    sums sum;
    for (std::uint64_t path = begin; path < end; ++path)
      sum.add(payoff(m, static_cast<std::uint32_t>(path)));
    out[item] = sum;
  }
};

std::string price_text(const model& m, const sums& total) {
  const auto n = static_cast<double>(m.paths);
  const double mean = static_cast<double>(total.payoffs) * 0x1p-40 / n;
  const double spread = static_cast<double>(total.squares) * 0x1p-32 / n - mean * mean;
  const double error = m.paths > 1 ? square_root(greatest(spread, 0.0) / (n - 1.0)) : 0.0;
  const char* kind = m.kind == option::call  ? "call"
                     : m.kind == option::put ? "put"
                                             : "asian-call";
  return std::string("{\n  \"kernel\": \"mc.philox\",\n  \"kind\": \"") + kind +
         "\",\n  \"price\": \"" + decimal_text(total.payoffs, wide_integer{m.paths} << 40) +
         "\",\n  \"standard_error\": \"" +
         decimal_text(rounded_integer(error * 0x1p40), wide_integer{1} << 40) +
         "\",\n  \"paths\": \"" + std::to_string(m.paths) + "\",\n  \"steps\": \"" +
         std::to_string(m.steps) + "\",\n  \"payoff_sum_2e-40\": \"" +
         integer_text(total.payoffs) + "\",\n  \"square_sum_2e-32\": \"" +
         integer_text(total.squares) + "\",\n  \"saturated\": \"" +
         std::to_string(total.saturated) + "\"\n}\n";
}

failure run(const work&, const model& m, const run_settings& settings,
            output_buffer& output) {
#if defined(__CUDACC__)
  constexpr std::uint64_t draws_per_window = std::uint64_t{1} << 28;
#else
  constexpr std::uint64_t draws_per_window = std::uint64_t{1} << 22;
#endif
  const std::uint64_t groups = (m.paths + group_paths - 1) / group_paths;
  const std::uint64_t window = least(
      groups, greatest<std::uint64_t>(16, draws_per_window / (group_paths * m.steps)));
  device_output<sums> parts(window);
  run_settings quiet = settings;
  quiet.progress = nullptr;
  sums total;
  for (std::uint64_t first = 0; first < groups; first += window) {
    const std::uint64_t count = least(window, groups - first);
    if (auto bad = launch(quiet, count, count, simulate_group{m, first, parts.data()}))
      return bad;
    const auto host = parts.download();
    for (std::uint64_t i = 0; i < count; ++i) {
      total.payoffs += host[i].payoffs;
      total.squares += host[i].squares;
      total.saturated += host[i].saturated;
    }
    settings.report(first + count, groups);
  }
  const std::string text = price_text(m, total);
  output.assign(text.begin(), text.end());
  return {};
}

}  // namespace

const kernel_definition mc_philox{
    .id = "mc.philox",
    .version = 0,
    .summary = "price of a European or Asian option by Monte Carlo",
    .limits = limits,
    .units = units_of_job<model, parse, units>,
    .run = run_job<model, parse, units, run>,
};

}  // namespace datagen::kernels
