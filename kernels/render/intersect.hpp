#pragma once

#if defined(__AVX__) && !defined(__CUDACC__)
#include <immintrin.h>
#endif

#include "bvh.hpp"
#include "scene.hpp"

namespace datagen::kernels::render {

/// The scene as the device sees it.
struct scene_view {
  camera view;
  sky background;
  const material* materials;
  const sphere* spheres;
  const triangle* triangles;
  const light* lights;
  const bvh_node* nodes;
  const bvh_item* items;
  std::uint32_t sphere_count, triangle_count, light_count, node_count;
};

struct ray {
  vector3 origin, direction;  ///< direction has unit length
};

inline constexpr std::uint32_t no_primitive = 0xffffffffu;

struct hit {
  float distance = 1e30f;
  std::uint32_t primitive = no_primitive;
  float u = 0, v = 0;  ///< triangle: weights of its second and third corner
};

inline constexpr float nearest = 1e-4f;  ///< hits closer than this are the surface just left

/// Profile: the closest hit wins, ties go to the lower primitive id, whatever the visiting order.
DATAGEN_HD inline void keep_closer(hit& best, const hit& found) {
  if (found.distance < best.distance ||
      (found.distance == best.distance && found.primitive < best.primitive))
    best = found;
}

/// Discriminant from the distance of the centre to the ray: keeps its digits for far spheres.
DATAGEN_HD inline void intersect_sphere(const bvh_item& s, const ray& r, hit& best) {
  const vector3 to = s.at - r.origin;
  const float middle = dot(to, r.direction);
  const vector3 off = along(to, r.direction, -middle);
  const float inside = fused(s.edge1.x, s.edge1.x, -dot(off, off));
  if (inside < 0) return;
  const float half = square_root(inside);
  float t = middle - half;
  if (t < nearest) t = middle + half;
  if (t < nearest) return;
  keep_closer(best, {t, s.id, 0, 0});
}

/// Moeller and Trumbore, "Fast, minimum storage ray/triangle intersection", 1997; two-sided.
DATAGEN_HD inline void intersect_triangle(const bvh_item& t, const ray& r, hit& best) {
  const vector3 p = cross(r.direction, t.edge2);
  const float determinant = dot(t.edge1, p);
  if (!(magnitude(determinant) > 1e-12f)) return;
  const float inverse = 1.0f / determinant;
  const vector3 s = r.origin - t.at;
  const float u = dot(s, p) * inverse;
  if (!(u >= 0 && u <= 1)) return;
  const vector3 q = cross(s, t.edge1);
  const float v = dot(r.direction, q) * inverse;
  if (!(v >= 0 && u + v <= 1)) return;
  const float distance = dot(t.edge2, q) * inverse;
  if (!(distance >= nearest)) return;
  keep_closer(best, {distance, t.id, u, v});
}

DATAGEN_HD inline void intersect_item(const scene_view& scene, const bvh_item& item, const ray& r,
                                      hit& best) {
  if (item.id < scene.sphere_count)
    intersect_sphere(item, r, best);
  else
    intersect_triangle(item, r, best);
}

/// The loop over everything: what the tree must agree with.
DATAGEN_HD inline hit closest_by_loop(const scene_view& scene, const ray& r) {
  hit best;
  for (std::uint32_t i = 0; i < scene.sphere_count + scene.triangle_count; ++i)
    intersect_item(scene, scene.items[i], r, best);
  return best;
}

/// Entry distance of the ray into a box, or 2e30 when it misses or enters beyond `limit`.
DATAGEN_HD inline float box_entry(const bvh_node& n, vector3 origin, vector3 inverse,
                                  float limit) {
  const vector3 a = (n.low - origin) * inverse;
  const vector3 b = (n.high - origin) * inverse;
  const float in = greatest(greatest(least(a.x, b.x), least(a.y, b.y)),
                            greatest(least(a.z, b.z), 0.0f));
  const float out = least(least(greatest(a.x, b.x), greatest(a.y, b.y)), greatest(a.z, b.z));
  return in <= out * 1.000002f && in <= limit ? in : 2e30f;
}

struct entries {
  float left, right;
};

#if defined(__AVX__) && !defined(__CUDACC__)

/// x, y, z and a last number for each of two boxes.
inline __m256 twice(vector3 x, float last) {
  return _mm256_set_ps(last, x.z, x.y, x.x, last, x.z, x.y, x.x);
}

/// box_entry of two boxes at once, with the same roundings.
class box_pair {
 public:
  /// The last lane meets a node's `first` and `count`, tiny numbers: 1 keeps them from slowing it.
  box_pair(vector3 origin, vector3 inverse)
      : origin_(twice(origin, 1)), inverse_(twice(inverse, 1)) {}

  entries enter(const bvh_node& left, const bvh_node& right, float limit) const {
    const __m256 low = _mm256_set_m128(_mm_loadu_ps(&right.low.x), _mm_loadu_ps(&left.low.x));
    const __m256 high = _mm256_set_m128(_mm_loadu_ps(&right.high.x), _mm_loadu_ps(&left.high.x));
    const __m256 a = _mm256_mul_ps(_mm256_sub_ps(low, origin_), inverse_);
    const __m256 b = _mm256_mul_ps(_mm256_sub_ps(high, origin_), inverse_);
    constexpr int last = 0x88;
    __m256 in = _mm256_blend_ps(_mm256_min_ps(a, b), _mm256_setzero_ps(), last);
    __m256 out = _mm256_blend_ps(_mm256_max_ps(a, b), _mm256_set1_ps(3e38f), last);
    in = _mm256_max_ps(in, _mm256_permute_ps(in, 0xb1));
    in = _mm256_max_ps(in, _mm256_permute_ps(in, 0x4e));
    out = _mm256_min_ps(out, _mm256_permute_ps(out, 0xb1));
    out = _mm256_min_ps(out, _mm256_permute_ps(out, 0x4e));
    out = _mm256_min_ps(_mm256_mul_ps(out, _mm256_set1_ps(1.000002f)), _mm256_set1_ps(limit));
    const __m256 met = _mm256_cmp_ps(in, out, _CMP_LE_OQ);
    const __m256 found = _mm256_blendv_ps(_mm256_set1_ps(2e30f), in, met);
    return {_mm256_cvtss_f32(found), _mm_cvtss_f32(_mm256_extractf128_ps(found, 1))};
  }

 private:
  __m256 origin_, inverse_;
};

#else

class box_pair {
 public:
  DATAGEN_HD box_pair(vector3 origin, vector3 inverse) : origin_(origin), inverse_(inverse) {}
  DATAGEN_HD entries enter(const bvh_node& left, const bvh_node& right, float limit) const {
    return {box_entry(left, origin_, inverse_, limit), box_entry(right, origin_, inverse_, limit)};
  }

 private:
  vector3 origin_, inverse_;
};

#endif

DATAGEN_HD inline float safe_inverse(float d) {
  return magnitude(d) > 1e-18f ? 1.0f / d : (d < 0 ? -1e18f : 1e18f);
}

/// Closest hit by the tree. With `enough` above 0 any hit nearer than that will do (shadow rays).
DATAGEN_HD inline hit closest_by_tree(const scene_view& scene, const ray& r, float enough) {
  hit best;
  if (enough > 0) best.distance = enough;
  if (scene.node_count == 0) return best;
  const vector3 inverse{safe_inverse(r.direction.x), safe_inverse(r.direction.y),
                        safe_inverse(r.direction.z)};
  const box_pair boxes(r.origin, inverse);
  struct pending {
    std::uint32_t node;
    float entry;
  };
  pending stack[bvh_depth_max + 4];
  int size = 0;
  std::uint32_t at = 0;
  if (box_entry(scene.nodes[0], r.origin, inverse, 1e30f) > 1e30f) return best;
  for (;;) {
    const bvh_node& node = scene.nodes[at];
    if (node.count > 0) {
      for (std::uint32_t i = 0; i < node.count; ++i)
        intersect_item(scene, scene.items[node.first + i], r, best);
      if (best.distance < enough) return best;
    } else {
      // Slack on the limit: an equal distance found in a later box may have the lower id.
      const float limit = best.distance * 1.000002f;
      const auto [left, right] = boxes.enter(scene.nodes[at + 1], scene.nodes[node.first], limit);
      const bool left_first = left <= right;
      const float near = left_first ? left : right;
      const float far = left_first ? right : left;
      if (near < 1e30f) {
        if (far < 1e30f) stack[size++] = {left_first ? node.first : at + 1, far};
        at = left_first ? at + 1 : node.first;
        continue;
      }
    }
    do {
      if (size == 0) return best;
      --size;
    } while (stack[size].entry > best.distance * 1.000002f);
    at = stack[size].node;
  }
}

}  // namespace datagen::kernels::render
