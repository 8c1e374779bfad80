#pragma once

#include "../host_device.hpp"

namespace datagen::kernels::render {

/// A point, direction or linear RGB colour in f32. Sums of products are written out with fused(),
/// so that there is one order of roundings.
struct vector3 {
  float x = 0, y = 0, z = 0;
};

DATAGEN_HD inline vector3 operator+(vector3 a, vector3 b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}
DATAGEN_HD inline vector3 operator-(vector3 a, vector3 b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}
DATAGEN_HD inline vector3 operator*(vector3 a, vector3 b) {
  return {a.x * b.x, a.y * b.y, a.z * b.z};
}
DATAGEN_HD inline vector3 operator*(vector3 a, float s) { return {a.x * s, a.y * s, a.z * s}; }
DATAGEN_HD inline vector3 operator-(vector3 a) { return {-a.x, -a.y, -a.z}; }

/// a + b * s, one rounding per component.
DATAGEN_HD inline vector3 along(vector3 a, vector3 b, float s) {
  return {fused(b.x, s, a.x), fused(b.y, s, a.y), fused(b.z, s, a.z)};
}
DATAGEN_HD inline float dot(vector3 a, vector3 b) {
  return fused(a.x, b.x, fused(a.y, b.y, a.z * b.z));
}
DATAGEN_HD inline vector3 cross(vector3 a, vector3 b) {
  return {fused(a.y, b.z, -(a.z * b.y)), fused(a.z, b.x, -(a.x * b.z)),
          fused(a.x, b.y, -(a.y * b.x))};
}
DATAGEN_HD inline float length(vector3 a) { return square_root(dot(a, a)); }
/// Unit vector; the zero vector becomes +y.
DATAGEN_HD inline vector3 normalized(vector3 a) {
  const float size = length(a);
  return size > 0 ? a * (1.0f / size) : vector3{0, 1, 0};
}
DATAGEN_HD inline float largest(vector3 a) { return greatest(greatest(a.x, a.y), a.z); }
DATAGEN_HD inline float magnitude(float a) { return a < 0 ? -a : a; }

}  // namespace datagen::kernels::render
