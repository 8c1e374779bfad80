#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>
#include <thread>
#include <vector>

namespace datagen::tools {

/// Processor time of this thread: what a one-thread figure must use on a shared machine.
inline double processor_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

inline double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct body {
  bool one_thread;  ///< measured in processor time, else in wall time
  std::function<void()> run;
};

/// OpenBLAS's threads spin for a twentieth of a second before they sleep: they must not take the
/// next body's processors.
inline constexpr std::chrono::milliseconds pause_between{120};

/// Seconds of each body in each of the interleaved rounds: [body][round].
inline std::vector<std::vector<double>> rounds_of(int rounds, const std::vector<body>& bodies) {
  std::vector<std::vector<double>> seconds(bodies.size());
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      const auto now = bodies[i].one_thread ? processor_seconds : wall_seconds;
      if (!bodies[i].one_thread) std::this_thread::sleep_for(pause_between);
      const double start = now();
      bodies[i].run();
      seconds[i].push_back(now() - start);
    }
  return seconds;
}

/// Best time of each body over interleaved rounds: the machine may be shared.
inline std::vector<double> best_of(int rounds, const std::vector<body>& bodies) {
  std::vector<double> best;
  for (const auto& x : rounds_of(rounds, bodies))
    best.push_back(*std::min_element(x.begin(), x.end()));
  return best;
}

/// Median over the rounds of `peer`'s seconds / `ours`: how many times as fast ours is.
inline double median_ratio(const std::vector<double>& ours, const std::vector<double>& peer) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < ours.size(); ++i) ratios.push_back(peer[i] / ours[i]);
  const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
  std::nth_element(ratios.begin(), middle, ratios.end());
  return *middle;
}

}  // namespace datagen::tools
