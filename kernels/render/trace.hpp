#pragma once

#include "../math.hpp"
#include "intersect.hpp"
#include "sampler.hpp"

namespace datagen::kernels::render {

inline constexpr float pi = 3.14159274f;
/// Radiance that one sample may bring after a diffuse bounce, per channel: rarer, brighter paths
/// would show as single white pixels. Part of the kernel's definition.
inline constexpr float indirect_max = 3.0f;
inline constexpr float coat_reflectance = 0.04f;  ///< clear coat seen from above

/// How rays find surfaces: by the tree, or by the loop it is tested against.
struct by_tree {
  DATAGEN_HD static hit closest(const scene_view& s, const ray& r, float enough) {
    return closest_by_tree(s, r, enough);
  }
};
struct by_loop {
  DATAGEN_HD static hit closest(const scene_view& s, const ray& r, float) {
    return closest_by_loop(s, r);
  }
};

/// A point on a surface; both normals look towards the viewer.
struct surface_point {
  vector3 position;
  vector3 flat;    ///< normal of the geometry
  vector3 normal;  ///< normal for shading
  bool inside;     ///< the ray came from behind the surface
  std::uint32_t material;
};

DATAGEN_HD inline surface_point point_at(const scene_view& scene, const ray& r, const hit& h) {
  surface_point p;
  p.position = along(r.origin, r.direction, h.distance);
  if (h.primitive < scene.sphere_count) {
    const sphere& s = scene.spheres[h.primitive];
    p.flat = normalized(p.position - s.center);
    p.position = along(s.center, p.flat, s.radius);
    p.normal = p.flat;
    p.material = s.material;
  } else {
    const triangle& t = scene.triangles[h.primitive - scene.sphere_count];
    p.flat = normalized(cross(t.edge1, t.edge2));
    p.normal = normalized(along(along(t.normal[0] * (1.0f - h.u - h.v), t.normal[1], h.u),
                                t.normal[2], h.v));
    if (dot(p.normal, p.flat) < 0) p.normal = -p.normal;
    p.material = t.material;
  }
  p.inside = dot(r.direction, p.flat) > 0;
  if (p.inside) {
    p.flat = -p.flat;
    p.normal = -p.normal;
  }
  if (dot(r.direction, p.normal) > 0) p.normal = p.flat;  // bent away from the viewer
  return p;
}

/// A ray from a surface point, moved off the surface to the side it leaves on.
DATAGEN_HD inline ray leaving(const surface_point& p, vector3 direction) {
  const vector3 reach{magnitude(p.position.x), magnitude(p.position.y), magnitude(p.position.z)};
  const float step = fused(largest(reach), 2e-5f, 2e-5f);
  const float side = dot(direction, p.flat) < 0 ? -step : step;
  return {along(p.position, p.flat, side), direction};
}

/// Any two unit vectors at right angles to `n` and each other (Duff et al., JCGT 6(1), 2017).
DATAGEN_HD inline vector3 from_local(vector3 n, float x, float y, float z) {
  const float sign = n.z < 0 ? -1.0f : 1.0f;
  const float a = -1.0f / (sign + n.z);
  const float b = n.x * n.y * a;
  const vector3 t{fused(sign * n.x * n.x, a, 1.0f), sign * b, -sign * n.x};
  const vector3 s{b, fused(n.y * n.y, a, sign), -n.y};
  return along(along(n * z, t, x), s, y);
}

DATAGEN_HD inline vector3 cosine_direction(vector3 n, unit_pair u) {
  const float radius = square_root(u.u);
  const auto angle = sine_cosine_turns(u.v);
  const float height = square_root(greatest(0.0f, 1.0f - u.u));
  return normalized(from_local(n, radius * angle.cosine, radius * angle.sine, height));
}

DATAGEN_HD inline vector3 sphere_direction(unit_pair u) {
  const float z = fused(-2.0f, u.u, 1.0f);
  const float radius = square_root(greatest(0.0f, fused(-z, z, 1.0f)));
  const auto angle = sine_cosine_turns(u.v);
  return {radius * angle.cosine, radius * angle.sine, z};
}

DATAGEN_HD inline vector3 reflected(vector3 d, vector3 n) {
  return normalized(along(d, n, -2.0f * dot(d, n)));
}

/// Schlick's approximation of Fresnel reflectance.
DATAGEN_HD inline float schlick(float straight, float cosine) {
  const float m = least(greatest(1.0f - cosine, 0.0f), 1.0f);
  const float m2 = m * m;
  return fused(1.0f - straight, m2 * m2 * m, straight);
}

DATAGEN_HD inline vector3 sky_color(const sky& s, vector3 d) {
  const float height = magnitude(d.y);
  const vector3 end = d.y < 0 ? s.ground : s.zenith;
  return along(s.horizon, end - s.horizon, square_root(height));
}

/// Floor as a whole number; clamped first (profile rule 5).
DATAGEN_HD inline std::int32_t whole_below(float v) {
  v = least(greatest(v, -1e6f), 1e6f);
  const auto whole = static_cast<std::int32_t>(v);
  return v < static_cast<float>(whole) ? whole - 1 : whole;
}

DATAGEN_HD inline vector3 albedo(const material& m, vector3 p) {
  if (m.kind != surface::checker) return m.color;
  return ((whole_below(p.x / m.size) + whole_below(p.z / m.size)) & 1) != 0 ? m.other : m.color;
}

/// Light that reaches a diffuse surface straight from a lamp chosen by `choice`, divided by pi.
template <class Search>
DATAGEN_HD vector3 lamp_light(const scene_view& scene, const surface_point& p, float choice,
                              unit_pair u) {
  if (scene.light_count == 0) return {};
  std::uint32_t low = 0;
  for (std::uint32_t high = scene.light_count - 1; low < high;) {
    const std::uint32_t middle = (low + high) / 2;
    if (choice < scene.lights[middle].chosen_below)
      high = middle;
    else
      low = middle + 1;
  }
  const light& lamp = scene.lights[low];
  vector3 direction;
  float distance = 0;
  float weight = 0;  // of the radiance, without the cosine at the surface
  std::uint32_t id = 0;
  if (lamp.primitive < scene.sphere_count) {
    // Evenly within the cone that the sphere fills.
    const sphere& s = scene.spheres[lamp.primitive];
    const vector3 to = s.center - p.position;
    const float squared = dot(to, to);
    const float share = s.radius * s.radius / squared;
    if (!(share < 1)) return {};  // inside the lamp
    const float rest = share / (1.0f + square_root(1.0f - share));  // 1 - cosine of the half angle
    const float down = rest * u.u;                                  // 1 - cosine of the angle
    const float radius = square_root(greatest(0.0f, down * (2.0f - down)));
    const auto angle = sine_cosine_turns(u.v);
    const vector3 axis = to * (1.0f / square_root(squared));
    direction = normalized(
        from_local(axis, radius * angle.cosine, radius * angle.sine, 1.0f - down));
    const float middle = dot(to, direction);
    const vector3 off = along(to, direction, -middle);
    distance =
        middle - square_root(greatest(0.0f, fused(s.radius, s.radius, -dot(off, off))));
    weight = 2.0f * rest;
    id = s.material;
  } else {
    const triangle& t = scene.triangles[lamp.primitive - scene.sphere_count];
    const float root = square_root(u.u);
    const vector3 target =
        along(along(t.corner, t.edge1, root * (1.0f - u.v)), t.edge2, root * u.v);
    const vector3 to = target - p.position;
    const float squared = dot(to, to);
    if (!(squared > 1e-8f)) return {};
    distance = square_root(squared);
    direction = to * (1.0f / distance);
    const vector3 normal = normalized(cross(t.edge1, t.edge2));
    weight = magnitude(dot(direction, normal)) * lamp.area / (squared * pi);
    id = t.material;
  }
  const float cosine = dot(direction, p.normal);
  if (!(cosine > 0) || !(dot(direction, p.flat) > 0)) return {};
  const ray shadow = leaving(p, direction);
  const float enough = distance * 0.998f;
  const hit blocked = Search::closest(scene, shadow, enough);
  if (blocked.distance < enough) return {};
  return scene.materials[id].color * (weight * cosine / lamp.probability);
}

/// The camera's ray through pixel (x, y), y counted from the top.
DATAGEN_HD inline ray camera_ray(const camera& c, std::uint32_t x, std::uint32_t y,
                                 std::uint32_t width, std::uint32_t height, unit_pair jitter,
                                 unit_pair lens) {
  const auto h = static_cast<float>(height);
  const float sx = (2.0f * (static_cast<float>(x) + jitter.u) - static_cast<float>(width)) / h;
  const float sy = (h - 2.0f * (static_cast<float>(y) + jitter.v)) / h;
  const vector3 toward = along(along(c.forward, c.right, sx), c.up, sy);
  if (!(c.lens_radius > 0)) return {c.position, normalized(toward)};
  const float radius = c.lens_radius * square_root(lens.u);
  const auto angle = sine_cosine_turns(lens.v);
  const vector3 offset = along(normalized(c.right) * (radius * angle.cosine), normalized(c.up),
                               radius * angle.sine);
  return {c.position + offset, normalized(toward * c.focus_distance - offset)};
}

/// The new direction behind glass: reflected or bent, chosen by `choice` (Schlick).
DATAGEN_HD inline vector3 through_glass(const material& m, const surface_point& p, vector3 d,
                                        float choice, bool& passed) {
  const float ratio = p.inside ? m.index : 1.0f / m.index;
  const float cosine = least(-dot(d, p.normal), 1.0f);
  const float k = fused(-(ratio * ratio), fused(-cosine, cosine, 1.0f), 1.0f);
  const float edge = (1.0f - m.index) / (1.0f + m.index);
  passed = k > 0;
  if (passed) {
    const float bent = square_root(k);
    passed = choice >= schlick(edge * edge, p.inside ? bent : cosine);
    if (passed) return normalized(along(d * ratio, p.normal, fused(ratio, cosine, -bent)));
  }
  return reflected(d, p.normal);
}

/// Radiance along one camera path. Pairs of random numbers: 0 pixel, 1 lens, then four per bounce:
/// direction, point on a lamp, choice of lamp and of lobe, survival.
template <class Search>
DATAGEN_HD vector3 path_radiance(const scene_view& scene, ray r, const sampler& random,
                                 std::uint32_t bounces) {
  vector3 light{};
  vector3 carried{1, 1, 1};
  bool sees_lamps = true;  // after a diffuse bounce lamps are sampled, not hit
  bool indirect = false;
  for (std::uint32_t bounce = 0; bounce <= bounces; ++bounce) {
    const hit h = Search::closest(scene, r, 0);
    vector3 found{};
    const bool missed = h.primitive == no_primitive;
    surface_point p{};
    if (missed) {
      found = sky_color(scene.background, r.direction);
    } else {
      p = point_at(scene, r, h);
      const material& m = scene.materials[p.material];
      if (m.kind == surface::emissive && sees_lamps) found = m.color;
    }
    const bool ends =
        missed || scene.materials[p.material].kind == surface::emissive || bounce == bounces;
    const unit_pair choice = ends ? unit_pair{} : random.pair(4 + 4 * bounce);
    vector3 direction{};
    if (!ends) {
      const material& m = scene.materials[p.material];
      const unit_pair turn = random.pair(2 + 4 * bounce);
      if (m.kind == surface::glass) {
        bool passed = false;
        direction = through_glass(m, p, r.direction, choice.v, passed);
        if (passed) carried = carried * m.color;
        sees_lamps = true;
      } else if (m.kind == surface::metal) {
        const float cosine = -dot(r.direction, p.normal);
        const vector3 mirror = reflected(r.direction, p.normal);
        direction = normalized(along(mirror, sphere_direction(turn), m.roughness));
        if (dot(direction, p.flat) <= 0) direction = mirror;
        if (dot(direction, p.flat) <= 0) direction = reflected(r.direction, p.flat);
        const float shine = schlick(0, cosine);
        carried = carried * along(m.color, vector3{1, 1, 1} - m.color, shine);
        sees_lamps = true;
      } else if (m.coated != 0 &&
                 choice.v < schlick(coat_reflectance, -dot(r.direction, p.normal))) {
        direction = reflected(r.direction, p.normal);
        if (dot(direction, p.flat) <= 0) direction = reflected(r.direction, p.flat);
        sees_lamps = true;
      } else {
        carried = carried * albedo(m, p.position);
        found = lamp_light<Search>(scene, p, choice.u, random.pair(3 + 4 * bounce));
        direction = cosine_direction(p.normal, turn);
        sees_lamps = false;
      }
    }
    vector3 brought = carried * found;
    if (indirect)
      brought = {least(brought.x, indirect_max), least(brought.y, indirect_max),
                 least(brought.z, indirect_max)};
    light = light + brought;
    if (ends) break;
    if (!sees_lamps) {
      indirect = true;
      if (dot(direction, p.flat) <= 0) break;  // below the real surface
    }
    if (bounce >= 3) {  // dim paths end by chance, the others carry their light
      const float alive = least(largest(carried), 0.95f);
      if (!(random.pair(5 + 4 * bounce).u < alive)) break;
      carried = carried * (1.0f / alive);
    }
    r = leaving(p, direction);
  }
  return light;
}

/// Mean radiance of a pixel, samples added in ascending order.
template <class Search>
DATAGEN_HD vector3 pixel_radiance(const scene_view& scene, std::uint32_t pixel,
                                  std::uint32_t width, std::uint32_t height,
                                  std::uint32_t samples, std::uint32_t bounces,
                                  std::uint64_t seed) {
  vector3 sum{};
  for (std::uint32_t i = 0; i < samples; ++i) {
    const sampler random{seed, pixel, i};
    const ray r = camera_ray(scene.view, pixel % width, pixel / width, width, height,
                             random.pair(0), random.pair(1));
    sum = sum + path_radiance<Search>(scene, r, random, bounces);
  }
  return sum * (1.0f / static_cast<float>(samples));
}

}  // namespace datagen::kernels::render
