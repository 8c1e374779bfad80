#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>
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

/// Best time of each body over interleaved rounds: the machine may be shared.
struct body {
  bool one_thread;  ///< measured in processor time, else in wall time
  std::function<void()> run;
};

inline std::vector<double> best_of(int rounds, const std::vector<body>& bodies) {
  std::vector<double> best(bodies.size(), 1e30);
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      const auto now = bodies[i].one_thread ? processor_seconds : wall_seconds;
      const double start = now();
      bodies[i].run();
      best[i] = std::min(best[i], now() - start);
    }
  return best;
}

}  // namespace datagen::tools
