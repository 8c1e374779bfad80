#include "tools/bench/kernels/nbody_fast_math.hpp"

#include <cmath>

namespace datagen::tools {

nbody_fast_math::nbody_fast_math(const std::vector<float>& rows) : bodies_(rows.size() / 7) {
  std::vector<float>* const columns[] = {&x_, &y_, &z_, &vx_, &vy_, &vz_, &mass_};
  for (std::size_t c = 0; c < 7; ++c)
    for (std::size_t i = 0; i < bodies_; ++i)
      columns[c]->push_back(rows[7 * i + c]);
}

void nbody_fast_math::step(float dt, float softening2) {
  const float* __restrict x = x_.data();
  const float* __restrict y = y_.data();
  const float* __restrict z = z_.data();
  const float* __restrict mass = mass_.data();
  for (std::size_t i = 0; i < bodies_; ++i) {
    float ax = 0, ay = 0, az = 0;
    for (std::size_t j = 0; j < bodies_; ++j) {
      const float dx = x[j] - x[i], dy = y[j] - y[i], dz = z[j] - z[i];
      const float r2 = dx * dx + dy * dy + dz * dz + softening2;
      const float inverse = 1.0f / std::sqrt(r2);
      const float w = mass[j] * inverse * inverse * inverse;
      ax += dx * w;
      ay += dy * w;
      az += dz * w;
    }
    vx_[i] += ax * dt;
    vy_[i] += ay * dt;
    vz_[i] += az * dt;
  }
  for (std::size_t i = 0; i < bodies_; ++i) {
    x_[i] += vx_[i] * dt;
    y_[i] += vy_[i] * dt;
    z_[i] += vz_[i] * dt;
  }
}

}  // namespace datagen::tools
