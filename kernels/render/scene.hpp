#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "../failure.hpp"
#include "vector3.hpp"

namespace datagen::kernels::render {

enum class surface : std::uint32_t { diffuse, checker, metal, glass, emissive };

/// What light does at a surface. Colours are linear.
struct material {
  surface kind = surface::diffuse;
  vector3 color{0.8f, 0.8f, 0.8f};  ///< albedo, reflectance, tint, or emitted radiance
  vector3 other{0.1f, 0.1f, 0.1f};  ///< checker: second colour
  float size = 1;                   ///< checker: side of a square
  float roughness = 0;              ///< metal: 0 is a mirror
  float index = 1.5f;               ///< glass: refractive index
  std::uint32_t coated = 0;         ///< diffuse and checker: a clear coat reflects at an angle
};

struct sphere {
  vector3 center;
  float radius = 1;
  std::uint32_t material = 0;
};

/// A triangle as corner and two edges, with a normal per corner.
struct triangle {
  vector3 corner, edge1, edge2;
  vector3 normal[3];
  std::uint32_t material = 0;
};

/// Primitives count spheres first: id below the sphere count is a sphere, the rest triangles.
struct light {
  std::uint32_t primitive = 0;
  float area = 0;
  float chosen_below = 0;  ///< cumulative choice probability; the last is 1
  float probability = 0;
};

struct camera {
  vector3 position{0, 1, 5};
  vector3 right, up, forward;  ///< right and up scaled to half the image height
  float lens_radius = 0;
  float focus_distance = 1;
  float exposure = 1;
};

struct sky {
  vector3 zenith{0.5f, 0.7f, 1.0f};
  vector3 horizon{1, 1, 1};
  vector3 ground{0.2f, 0.2f, 0.2f};
};

/// One scene, as parsed from its text.
struct scene {
  camera view;
  sky background;
  std::vector<material> materials;
  std::vector<sphere> spheres;
  std::vector<triangle> triangles;
  std::vector<light> lights;

  std::uint64_t primitives() const { return spheres.size() + triangles.size(); }
};

inline constexpr std::uint64_t scene_bytes_max = 64u << 20;
inline constexpr std::uint64_t spheres_max = 100000;
inline constexpr std::uint64_t triangles_max = 1000000;
inline constexpr std::uint64_t materials_max = 1024;
inline constexpr std::uint64_t lights_max = 4096;

/// Reads a scene from TOML. Errors name line and column, what was found and what was expected.
failure parse_scene(std::string_view text, scene& out);

/// Placement of a mesh: scale, then turn about y, then move.
struct placement {
  float scale = 1;
  float sine = 0, cosine = 1;
  vector3 translate;
};

/// Appends the faces of a Wavefront OBJ text (v and f lines; polygons become fans, other known
/// lines are skipped) once per placement. `smooth` averages normals at shared vertices, weighted
/// by area. Errors name the line within the OBJ text.
failure append_obj(std::string_view text, const std::vector<placement>& places, bool smooth,
                   std::uint32_t material, std::vector<triangle>& out);

/// A triangle with its flat normal.
triangle flat_triangle(vector3 a, vector3 b, vector3 c, std::uint32_t material);

}  // namespace datagen::kernels::render
