#pragma once
// Time as benchmarks need it: wall time of this machine, and processor time, which tells the truth
// on a machine that others use too.

#include <ctime>

namespace datagen::bench {

inline double seconds_of(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}
inline double wall_us() { return 1e6 * seconds_of(CLOCK_MONOTONIC); }
/// Of all threads of this process.
inline double processor_us() { return 1e6 * seconds_of(CLOCK_PROCESS_CPUTIME_ID); }

}  // namespace datagen::bench
