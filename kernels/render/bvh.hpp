#pragma once

#include <vector>

#include "scene.hpp"

namespace datagen::kernels::render {

/// A box over primitives. The left child of an inner node follows it, the right is at `first`.
struct bvh_node {
  vector3 low;
  std::uint32_t first = 0;  ///< leaf: position in `items`; inner: index of the right child
  vector3 high;
  std::uint32_t count = 0;  ///< leaf: primitives; inner: 0
};

/// What a ray meets in a leaf, copied there so that a leaf is one stretch of memory.
struct bvh_item {
  vector3 at;        ///< sphere: centre; triangle: corner
  vector3 edge1;     ///< sphere: (radius, 0, 0)
  vector3 edge2;     ///< sphere: unused
  std::uint32_t id;  ///< primitive: below the sphere count a sphere, else a triangle
};

struct bvh {
  std::vector<bvh_node> nodes;  ///< nodes[0] is the root; empty for an empty scene
  std::vector<bvh_item> items;  ///< in leaf order
};

/// Primitive `id` as a leaf holds it.
bvh_item item_of(const scene& scene, std::uint32_t id);

inline constexpr int bvh_depth_max = 60;  ///< what the traversal's stack can hold

/// Builds by binned surface area, on the host, in one order. Boxes are padded so that rounding in
/// the box test cannot lose a hit: the image is the one a loop over all primitives gives.
bvh build_bvh(const scene& scene);

}  // namespace datagen::kernels::render
