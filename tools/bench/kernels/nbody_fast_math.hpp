#pragma once

#include <cstddef>
#include <vector>

namespace datagen::tools {

/// What one would write without caring for bits: plain loops over columns, built with -O3
/// -march=x86-64-v3 -ffast-math, so that the compiler may approximate 1/sqrt and reorder sums.
class nbody_fast_math {
public:
  /// @param rows (bodies, 7): x, y, z, vx, vy, vz, mass
  explicit nbody_fast_math(const std::vector<float>& rows);
  /// One step, velocities first.
  void step(float dt, float softening2);

private:
  std::size_t bodies_;
  std::vector<float> x_, y_, z_, vx_, vy_, vz_, mass_;
};

}  // namespace datagen::tools
