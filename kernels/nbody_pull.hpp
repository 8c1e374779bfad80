#pragma once

#include "host_device.hpp"

/// What sim.nbody does for each pair of bodies.
namespace datagen::kernels {

struct vector3 {
  float x, y, z;
};

/// Adds to `sum` what body j at distance d pulls, per unit of G.
DATAGEN_HD inline void add_pull(float dx, float dy, float dz, float mass, float softening2,
                                vector3& sum) {
  const float r2 = fused(dx, dx, fused(dy, dy, fused(dz, dz, softening2)));
  const float w = r2 > 0.0f ? mass / (r2 * square_root(r2)) : 0.0f;
  sum.x = fused(dx, w, sum.x);
  sum.y = fused(dy, w, sum.y);
  sum.z = fused(dz, w, sum.z);
}

}  // namespace datagen::kernels
