#include "bvh.hpp"

#include <algorithm>
#include <numeric>

namespace datagen::kernels::render {
namespace {

constexpr int bins = 16;
constexpr std::uint32_t leaf_max = 4;
constexpr int balanced_from_depth = 36;  // 24 more levels halve what a million primitives leave

struct box {
  vector3 low{1e30f, 1e30f, 1e30f};
  vector3 high{-1e30f, -1e30f, -1e30f};

  void add(vector3 p) {
    low = {least(low.x, p.x), least(low.y, p.y), least(low.z, p.z)};
    high = {greatest(high.x, p.x), greatest(high.y, p.y), greatest(high.z, p.z)};
  }
  void add(const box& other) {
    add(other.low);
    add(other.high);
  }
  float half_area() const {
    const vector3 d = high - low;
    return d.x < 0 ? 0 : d.x * d.y + d.y * d.z + d.z * d.x;
  }
};

float axis_of(vector3 v, int axis) { return axis == 0 ? v.x : axis == 1 ? v.y : v.z; }

/// Grows by a few units of the last place of the largest coordinate.
box padded(box b) {
  const vector3 reach{greatest(magnitude(b.low.x), magnitude(b.high.x)),
                      greatest(magnitude(b.low.y), magnitude(b.high.y)),
                      greatest(magnitude(b.low.z), magnitude(b.high.z))};
  const float pad = fused(largest(reach), 4e-6f, 1e-6f);
  b.low = b.low - vector3{pad, pad, pad};
  b.high = b.high + vector3{pad, pad, pad};
  return b;
}

class builder {
 public:
  explicit builder(const scene& scene) : scene_(scene) {
    for (const auto& s : scene.spheres) {
      const vector3 r{s.radius, s.radius, s.radius};
      box b;
      b.add(s.center - r);
      b.add(s.center + r);
      boxes_.push_back(padded(b));
    }
    for (const auto& t : scene.triangles) {
      box b;
      b.add(t.corner);
      b.add(t.corner + t.edge1);
      b.add(t.corner + t.edge2);
      boxes_.push_back(padded(b));
    }
    for (const auto& b : boxes_) centers_.push_back((b.low + b.high) * 0.5f);
    order_.resize(boxes_.size());
    std::iota(order_.begin(), order_.end(), 0u);
  }

  bvh build() {
    if (!boxes_.empty()) node(0, static_cast<std::uint32_t>(boxes_.size()), 0);
    for (const std::uint32_t id : order_) out_.items.push_back(item_of(scene_, id));
    return std::move(out_);
  }

 private:
  struct split {
    int axis = -1;
    float low = 0, scale = 0;
    int last_left = 0;  // bins up to this one go left
  };

  int bin_of(const split& s, std::uint32_t id) const {
    const float at = (axis_of(centers_[id], s.axis) - s.low) * s.scale;
    const float clamped = least(greatest(at, 0.0f), static_cast<float>(bins - 1));
    return static_cast<int>(clamped);
  }

  /// Cheapest split by surface area, or axis -1 when a leaf is cheaper or the centres coincide.
  split best_split(std::uint32_t begin, std::uint32_t end, const box& bounds) const {
    box middle;
    for (std::uint32_t i = begin; i < end; ++i) middle.add(centers_[order_[i]]);
    split best;
    float best_cost = static_cast<float>(end - begin) * bounds.half_area();
    if (end - begin > leaf_max) best_cost = 1e30f;
    for (int axis = 0; axis < 3; ++axis) {
      split s;
      s.axis = axis;
      s.low = axis_of(middle.low, axis);
      const float extent = axis_of(middle.high, axis) - s.low;
      if (!(extent > 1e-9f)) continue;
      s.scale = static_cast<float>(bins) / extent;
      box parts[bins];
      std::uint32_t counts[bins] = {};
      for (std::uint32_t i = begin; i < end; ++i) {
        const int b = bin_of(s, order_[i]);
        parts[b].add(boxes_[order_[i]]);
        ++counts[b];
      }
      float right_cost[bins] = {};
      box grown;
      std::uint32_t count = 0;
      for (int b = bins - 1; b > 0; --b) {
        grown.add(parts[b]);
        count += counts[b];
        right_cost[b] = grown.half_area() * static_cast<float>(count);
      }
      grown = {};
      count = 0;
      for (int b = 0; b + 1 < bins; ++b) {
        grown.add(parts[b]);
        count += counts[b];
        const float cost =
            grown.half_area() * static_cast<float>(count) + right_cost[b + 1] +
            bounds.half_area() * 0.3f;
        if (count > 0 && count < end - begin && cost < best_cost) {
          best_cost = cost;
          best = s;
          best.last_left = b;
        }
      }
    }
    return best;
  }

  void node(std::uint32_t begin, std::uint32_t end, int depth) {
    box bounds;
    for (std::uint32_t i = begin; i < end; ++i) bounds.add(boxes_[order_[i]]);
    const auto me = out_.nodes.size();
    out_.nodes.push_back({bounds.low, begin, bounds.high, end - begin});
    if (end - begin == 1) return;
    const split s = depth < balanced_from_depth ? best_split(begin, end, bounds) : split{};
    const auto first = order_.begin();
    std::uint32_t middle = (begin + end) / 2;  // centres coincide or too deep: halve by position
    if (s.axis >= 0) {
      const auto right = std::stable_partition(first + begin, first + end, [&](std::uint32_t id) {
        return bin_of(s, id) <= s.last_left;
      });
      middle = static_cast<std::uint32_t>(right - first);
    } else if (end - begin <= leaf_max) {
      return;
    }
    node(begin, middle, depth + 1);
    out_.nodes[me].first = static_cast<std::uint32_t>(out_.nodes.size());
    out_.nodes[me].count = 0;
    node(middle, end, depth + 1);
  }

  const scene& scene_;
  std::vector<box> boxes_;
  std::vector<vector3> centers_;
  std::vector<std::uint32_t> order_;
  bvh out_;
};

}  // namespace

bvh_item item_of(const scene& scene, std::uint32_t id) {
  if (id < scene.spheres.size()) {
    const sphere& s = scene.spheres[id];
    return {s.center, {s.radius, 0, 0}, {}, id};
  }
  const triangle& t = scene.triangles[id - scene.spheres.size()];
  return {t.corner, t.edge1, t.edge2, id};
}

bvh build_bvh(const scene& scene) { return builder(scene).build(); }

}  // namespace datagen::kernels::render
