#pragma once

#include "npy_file.hpp"
#include "random_floats.hpp"
#include "random_job.hpp"

namespace datagen::kernels::testing {

/// What a `sim.nbody` job holds, before it becomes bytes.
struct nbody_case {
  std::uint32_t bodies = 0, steps = 0;
  std::string dt, gravity, softening;  ///< as the parameters spell them
  std::vector<float> rows;             ///< (bodies, 7)

  std::string params() const {
    return "dt=" + dt + "\ngravity=" + gravity + "\nsoftening=" + softening +
           "\nsteps=" + std::to_string(steps);
  }
  std::vector<std::uint8_t> input() const {
    return npy_floats(rows, "(" + std::to_string(bodies) + ", 7)");
  }
};

inline nbody_case some_nbody(random_source& random, std::uint32_t bodies, std::uint32_t steps,
                             float_kind kind) {
  static constexpr const char* steps_of_time[] = {"0.01", "-0.5", "3.25", "0", "0.000001"};
  static constexpr const char* constants[] = {"1", "6.6743", "-2", "0.0000000001"};
  static constexpr const char* softenings[] = {"0", "0.01", "2", "100000"};
  nbody_case out{bodies,
                 steps,
                 steps_of_time[random.below(5)],
                 constants[random.below(4)],
                 softenings[random.below(4)],
                 std::vector<float>(std::size_t{bodies} * 7)};
  for (float& value : out.rows)
    value = some_float(random, kind);
  if (bodies > 1 && random.below(4) == 0)  // two bodies in one place
    for (std::size_t axis = 0; axis < 3; ++axis)
      out.rows[7 + axis] = out.rows[axis];
  return out;
}

/// Up to 1,300 bodies (three tiles), up to 3 steps, one job in three with hostile values.
inline random_job random_sim_nbody_job(std::uint64_t seed) {
  random_source random(seed);
  const auto bodies =
    static_cast<std::uint32_t>(1 + random.below(random.below(8) == 0 ? 1300 : 90));
  const auto steps = static_cast<std::uint32_t>(1 + random.below(3));
  const auto x = some_nbody(random, bodies, steps, static_cast<float_kind>(random.below(3)));
  return {x.params(), x.input()};
}

}  // namespace datagen::kernels::testing
