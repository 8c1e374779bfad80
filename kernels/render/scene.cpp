#include "scene.hpp"

// toml++ 3.3 asserts on some malformed texts ("[\x16]", "a = [,"), and with NDEBUG goes on
// undefined. A scene comes from strangers: here a broken assertion of the parser is an error.
namespace datagen::kernels::render {
struct parser_broke {};
}  // namespace datagen::kernels::render
#undef NDEBUG
#define TOML_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : throw datagen::kernels::render::parser_broke{})
#define TOML_EXCEPTIONS 1
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wterminate"  // assertions in noexcept functions, never seen to fail
#include <toml++/toml.h>
#pragma GCC diagnostic pop

#include <algorithm>
#include <initializer_list>
#include <map>

#include "../math.hpp"

namespace datagen::kernels::render {
namespace {

constexpr double coordinate_max = 1e5;
constexpr double radiance_max = 1e5;

std::string place(const toml::source_region& at) {
  return "line " + std::to_string(at.begin.line) + ", column " + std::to_string(at.begin.column) +
         ": ";
}

/// A number for a sentence: as few digits as needed.
std::string shown(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

/// Reads one TOML table. The first error wins; later reads do nothing.
class section {
 public:
  section(const toml::table& table, std::string name, failure& bad)
      : table_(table), name_(std::move(name)), bad_(bad) {}

  /// Refuses keys that are not listed.
  void only(std::initializer_list<std::string_view> allowed) {
    for (const auto& [key, node] : table_) {
      if (std::find(allowed.begin(), allowed.end(), key.str()) != allowed.end()) continue;
      std::string list;
      for (const auto known : allowed) list += (list.empty() ? "" : ", ") + std::string(known);
      return say(key.source(), "unknown key '" + std::string(key.str().substr(0, 40)) + "' in " +
                                   name_ + ", expected one of " + list);
    }
  }

  bool has(std::string_view key) const { return table_.contains(key); }

  /// A number within [low, high]; keeps `out` when absent and not required.
  void number(std::string_view key, float& out, double low, double high, bool required = false) {
    if (const auto* node = find(key, required)) scalar(*node, std::string(key), out, low, high);
  }

  void vector(std::string_view key, vector3& out, double low, double high,
              bool required = false) {
    if (const auto* node = find(key, required)) triple(*node, std::string(key), out, low, high);
  }

  /// A list of points, at least `least_count`.
  void points(std::string_view key, std::vector<vector3>& out, std::size_t least_count,
              std::size_t most_count) {
    const auto* node = find(key, true);
    if (node == nullptr) return;
    const toml::array* list = node->as_array();
    if (list == nullptr || list->size() < least_count || list->size() > most_count)
      return say(node->source(),
                 where(std::string(key)) + " must list " + std::to_string(least_count) + " to " +
                     std::to_string(most_count) + " points [x, y, z]");
    for (std::size_t i = 0; i < list->size(); ++i) {
      vector3 p;
      triple((*list)[i], std::string(key), p, -coordinate_max, coordinate_max);
      out.push_back(p);
    }
  }

  void flag(std::string_view key, bool& out) {
    const auto* node = find(key, false);
    if (node == nullptr) return;
    if (!node->is_boolean())
      return say(node->source(), where(std::string(key)) + " must be true or false");
    out = **node->as_boolean();
  }

  void text(std::string_view key, std::string_view& out, bool required) {
    const auto* node = find(key, required);
    if (node == nullptr) return;
    if (!node->is_string())
      return say(node->source(), where(std::string(key)) + " must be a text in quotes");
    out = **node->as_string();
  }

  /// Remembers the first error, at the place of `key` where that is known.
  void refuse(std::string_view key, const std::string& sentence) {
    const auto* node = table_.get(key);
    say(node != nullptr ? node->source() : table_.source(), sentence);
  }
  void refuse(failure found, std::string_view key) {
    if (!bad_ && found) {
      const auto* node = table_.get(key);
      bad_ = {found.status,
              place(node != nullptr ? node->source() : table_.source()) + found.sentence};
    }
  }
  const std::string& name() const { return name_; }

 private:
  std::string where(const std::string& key) const { return name_ + " " + key; }

  void say(const toml::source_region& at, const std::string& sentence) {
    if (!bad_) bad_ = bad_input(place(at) + sentence);
  }

  const toml::node* find(std::string_view key, bool required) {
    if (bad_) return nullptr;
    const toml::node* node = table_.get(key);
    if (node == nullptr && required)
      say(table_.source(), name_ + " has no '" + std::string(key) + "', which it needs");
    return node;
  }

  void scalar(const toml::node& node, const std::string& key, float& out, double low,
              double high) {
    if (!node.is_number())
      return say(node.source(), where(key) + " must be a number");
    const double value =
        node.is_integer() ? static_cast<double>(**node.as_integer()) : **node.as_floating_point();
    if (!(value >= low && value <= high))
      return say(node.source(), where(key) + " is " + shown(value) + ", expected " + shown(low) +
                                    " to " + shown(high));
    out = static_cast<float>(value);
  }

  void triple(const toml::node& node, const std::string& key, vector3& out, double low,
              double high) {
    const toml::array* list = node.as_array();
    if (list == nullptr || list->size() != 3)
      return say(node.source(), where(key) + " must be three numbers [x, y, z]");
    scalar((*list)[0], key, out.x, low, high);
    scalar((*list)[1], key, out.y, low, high);
    scalar((*list)[2], key, out.z, low, high);
  }

  const toml::table& table_;
  std::string name_;
  failure& bad_;
};

/// Builds a scene section by section.
class scene_builder {
 public:
  scene_builder(const toml::table& root, scene& out) : root_(root), out_(out) {}

  failure build() {
    section(root_, "the scene", bad_)
        .only({"camera", "sky", "material", "sphere", "triangle", "quad", "box", "mesh"});
    if (const auto* table = named("camera", true)) camera_section(section(*table, "[camera]", bad_));
    if (const auto* table = named("sky", false)) sky_section(section(*table, "[sky]", bad_));
    each("material", materials_max, [&](section s) { material_section(s); });
    if (!bad_ && out_.materials.empty())
      bad_ = bad_input("line 1, column 1: the scene has no [[material]], expected at least one");
    each("sphere", spheres_max, [&](section s) { sphere_section(s); });
    each("triangle", triangles_max, [&](section s) { triangle_section(s); });
    each("quad", triangles_max / 2, [&](section s) { quad_section(s); });
    each("box", triangles_max / 12, [&](section s) { box_section(s); });
    each("mesh", triangles_max, [&](section s) { mesh_section(s); });
    if (!bad_ && out_.triangles.size() > triangles_max)
      bad_ = over_limit("scene", out_.triangles.size(), triangles_max, "triangles");
    if (!bad_) collect_lights();
    return bad_;
  }

 private:
  const toml::table* named(const char* key, bool required) {
    if (bad_) return nullptr;
    const toml::node* node = root_.get(key);
    if (node == nullptr) {
      if (required)
        bad_ = bad_input(std::string("line 1, column 1: the scene has no [") + key +
                         "], which it needs");
      return nullptr;
    }
    if (!node->is_table())
      bad_ = bad_input(place(node->source()) + key + " must be a table [" + key + "]");
    return node->as_table();
  }

  template <class Read>
  void each(const char* key, std::uint64_t most, Read read) {
    const toml::node* node = root_.get(key);
    if (node == nullptr || bad_) return;
    const toml::array* list = node->as_array();
    if (list == nullptr) {
      bad_ = bad_input(place(node->source()) + key + " must be written [[" + key + "]]");
      return;
    }
    if (list->size() > most) {
      bad_ = over_limit(std::string("number of [[") + key + "]]", list->size(), most, "entries");
      return;
    }
    for (const auto& entry : *list) {
      if (!entry.is_table()) {
        bad_ = bad_input(place(entry.source()) + key + " must be written [[" + key + "]]");
        return;
      }
      read(section(*entry.as_table(), std::string("[[") + key + "]]", bad_));
      if (bad_) return;
    }
  }

  void camera_section(section s) {
    s.only({"position", "look_at", "up", "fov_degrees", "aperture", "focus_distance", "exposure"});
    camera& c = out_.view;
    vector3 target;
    vector3 up{0, 1, 0};
    float fov = 40;
    float aperture = 0;
    s.vector("position", c.position, -coordinate_max, coordinate_max, true);
    s.vector("look_at", target, -coordinate_max, coordinate_max, true);
    s.vector("up", up, -1, 1);
    s.number("fov_degrees", fov, 1, 170);
    s.number("aperture", aperture, 0, 100);
    const vector3 toward = target - c.position;
    c.focus_distance = length(toward);
    s.number("focus_distance", c.focus_distance, 1e-3, coordinate_max);
    s.number("exposure", c.exposure, 0, 1e4);
    if (bad_) return;
    if (!(length(toward) > 1e-6f))
      return s.refuse("look_at", "[camera] look_at is the camera's own position");
    c.forward = normalized(toward);
    const vector3 side = cross(c.forward, up);
    if (!(length(side) > 1e-6f)) return s.refuse("up", "[camera] up points along the view");
    const auto half = sine_cosine_turns(static_cast<double>(fov) / 720.0);
    const auto tangent = static_cast<float>(half.sine / half.cosine);
    c.right = normalized(side) * tangent;
    c.up = cross(normalized(side), c.forward) * tangent;
    c.lens_radius = aperture * 0.5f;
  }

  void sky_section(section s) {
    s.only({"zenith", "horizon", "ground"});
    s.vector("zenith", out_.background.zenith, 0, radiance_max);
    s.vector("horizon", out_.background.horizon, 0, radiance_max);
    s.vector("ground", out_.background.ground, 0, radiance_max);
  }

  void material_section(section s) {
    material m;
    std::string_view name;
    std::string_view kind;
    s.text("name", name, true);
    s.text("kind", kind, true);
    if (bad_) return;
    if (names_.contains(name))
      return s.refuse("name", "material '" + std::string(name) + "' is defined twice");
    bool coated = false;
    float strength = 1;
    if (kind == "diffuse" || kind == "checker") {
      m.kind = kind == "diffuse" ? surface::diffuse : surface::checker;
      if (kind == "diffuse")
        s.only({"name", "kind", "color", "coat"});
      else
        s.only({"name", "kind", "color", "other", "size", "coat"});
      s.flag("coat", coated);
      s.vector("other", m.other, 0, 1);
      s.number("size", m.size, 1e-3, 1e4);
    } else if (kind == "metal") {
      m.kind = surface::metal;
      s.only({"name", "kind", "color", "roughness"});
      s.number("roughness", m.roughness, 0, 1);
    } else if (kind == "glass") {
      m.kind = surface::glass;
      m.color = {1, 1, 1};
      s.only({"name", "kind", "color", "index"});
      s.number("index", m.index, 1.01, 3);
    } else if (kind == "emissive") {
      m.kind = surface::emissive;
      s.only({"name", "kind", "color", "strength"});
      s.number("strength", strength, 0, radiance_max);
    } else {
      return s.refuse("kind", "material kind is '" + std::string(kind.substr(0, 40)) +
                                  "', expected diffuse, checker, metal, glass or emissive");
    }
    s.vector("color", m.color, 0, 1);
    m.color = m.color * strength;
    m.coated = coated ? 1 : 0;
    names_.emplace(name, static_cast<std::uint32_t>(out_.materials.size()));
    out_.materials.push_back(m);
  }

  std::uint32_t material_of(section& s) {
    std::string_view name;
    s.text("material", name, true);
    const auto found = names_.find(name);
    if (found != names_.end()) return found->second;
    s.refuse("material", s.name() + " names material '" + std::string(name.substr(0, 40)) +
                             "', which is not defined");
    return 0;
  }

  void sphere_section(section s) {
    s.only({"center", "radius", "material"});
    sphere one;
    s.vector("center", one.center, -coordinate_max, coordinate_max, true);
    s.number("radius", one.radius, 1e-3, 1e4, true);
    one.material = material_of(s);
    out_.spheres.push_back(one);
  }

  void triangle_section(section s) {
    s.only({"points", "material"});
    std::vector<vector3> p;
    s.points("points", p, 3, 3);
    const std::uint32_t id = material_of(s);
    if (!bad_) out_.triangles.push_back(flat_triangle(p[0], p[1], p[2], id));
  }

  void add_quad(vector3 corner, vector3 u, vector3 v, std::uint32_t id) {
    out_.triangles.push_back(flat_triangle(corner, corner + u, corner + u + v, id));
    out_.triangles.push_back(flat_triangle(corner, corner + u + v, corner + v, id));
  }

  void quad_section(section s) {
    s.only({"corner", "u", "v", "material"});
    vector3 corner, u, v;
    s.vector("corner", corner, -coordinate_max, coordinate_max, true);
    s.vector("u", u, -coordinate_max, coordinate_max, true);
    s.vector("v", v, -coordinate_max, coordinate_max, true);
    const std::uint32_t id = material_of(s);
    if (!bad_) add_quad(corner, u, v, id);
  }

  void box_section(section s) {
    s.only({"low", "high", "material"});
    vector3 low, high;
    s.vector("low", low, -coordinate_max, coordinate_max, true);
    s.vector("high", high, -coordinate_max, coordinate_max, true);
    const std::uint32_t id = material_of(s);
    const vector3 d = high - low;
    if (!bad_ && !(d.x > 0 && d.y > 0 && d.z > 0))
      return s.refuse("high", "[[box]] high must exceed low in every coordinate");
    const vector3 x{d.x, 0, 0}, y{0, d.y, 0}, z{0, 0, d.z};
    add_quad(low, x, z, id);
    add_quad(low + y, z, x, id);
    add_quad(low, y, x, id);
    add_quad(low + z, x, y, id);
    add_quad(low, z, y, id);
    add_quad(low + x, y, z, id);
  }

  void mesh_section(section s) {
    s.only({"obj", "material", "at", "scale", "turn_degrees", "smooth"});
    std::string_view text;
    std::vector<vector3> places{};
    placement base;
    float degrees = 0;
    bool smooth = false;
    s.text("obj", text, true);
    s.number("scale", base.scale, 1e-4, 1e4);
    s.number("turn_degrees", degrees, -360, 360);
    s.flag("smooth", smooth);
    if (s.has("at"))
      s.points("at", places, 1, 10000);
    else
      places.push_back({});
    const std::uint32_t id = material_of(s);
    if (bad_) return;
    const double turns = (static_cast<double>(degrees) + (degrees < 0 ? 360.0 : 0.0)) / 360.0;
    const auto turned = sine_cosine_turns(turns);
    base.sine = static_cast<float>(turned.sine);
    base.cosine = static_cast<float>(turned.cosine);
    std::vector<placement> placed;
    for (const auto& p : places) {
      base.translate = p;
      placed.push_back(base);
    }
    s.refuse(append_obj(text, placed, smooth, id, out_.triangles), "obj");
  }

  /// Every emissive primitive is a lamp, chosen half by its power, half evenly: a small lamp close
  /// by must not be rare.
  void collect_lights() {
    std::vector<float> power;
    float total = 0;
    const auto consider = [&](std::uint32_t primitive, std::uint32_t material, float area) {
      const auto& m = out_.materials[material];
      const float strength = (m.color.x + m.color.y + m.color.z) * area;
      if (m.kind != surface::emissive || !(strength > 0)) return;
      out_.lights.push_back({primitive, area, 0, 0});
      power.push_back(strength);
      total = total + strength;
    };
    for (std::uint32_t i = 0; i < out_.spheres.size(); ++i) {
      const float r = out_.spheres[i].radius;
      consider(i, out_.spheres[i].material, 12.566371f * r * r);
    }
    for (std::uint32_t i = 0; i < out_.triangles.size(); ++i) {
      const auto& t = out_.triangles[i];
      consider(static_cast<std::uint32_t>(out_.spheres.size()) + i, t.material,
               0.5f * length(cross(t.edge1, t.edge2)));
    }
    if (out_.lights.size() > lights_max) {
      bad_ = over_limit("scene", out_.lights.size(), lights_max, "emissive primitives");
      return;
    }
    float below = 0;
    const auto count = static_cast<float>(out_.lights.size());
    for (std::size_t i = 0; i < out_.lights.size(); ++i) {
      out_.lights[i].probability = fused(power[i] / total, 0.5f, 0.5f / count);
      below = below + out_.lights[i].probability;
      out_.lights[i].chosen_below = i + 1 == out_.lights.size() ? 1.0f : below;
    }
  }

  const toml::table& root_;
  scene& out_;
  failure bad_;
  std::map<std::string, std::uint32_t, std::less<>> names_;
};

/// Refuses keys of more than 100 parts (a.b.c...): toml++ nests a table per part and frees them by
/// recursion. Counts dots since the last character that ends a key.
failure check_dots(std::string_view text) {
  constexpr int dots_max = 100;
  int dots = 0;
  std::size_t line = 1;
  for (const char c : text) {
    line += c == '\n' ? 1 : 0;
    if (c == '.') ++dots;
    if (std::string_view("\n=[]{},#").find(c) != std::string_view::npos) dots = 0;
    if (dots > dots_max)
      return bad_input("line " + std::to_string(line) +
                       ", column 1: more than 100 dots in one key or text");
  }
  return {};
}

/// True when toml++ breaks on this text.
bool breaks_parser(std::string_view text) {
  try {
    (void)toml::parse(text);
  } catch (const toml::parse_error&) {
  } catch (const parser_broke&) {
    return true;
  }
  return false;
}

/// Line and column of the first byte at which toml++ breaks. @pre breaks_parser(text)
failure broken_at(std::string_view text) {
  std::size_t good = 0;
  std::size_t bad = text.size();
  while (good + 1 < bad) {
    const std::size_t middle = (good + bad) / 2;
    (breaks_parser(text.substr(0, middle)) ? bad : good) = middle;
  }
  const std::string_view before = text.substr(0, bad - 1);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
  return bad_input("line " + std::to_string(line) + ", column " +
                   std::to_string(before.size() - start + 1) +
                   ": not TOML: unexpected character here");
}

}  // namespace

failure parse_scene(std::string_view text, scene& out) {
  out = {};
  if (text.size() > scene_bytes_max)
    return over_limit("input", text.size(), scene_bytes_max, "bytes");
  if (auto bad = check_dots(text)) return bad;
  try {
    const toml::table root = toml::parse(text);
    return scene_builder(root, out).build();
  } catch (const toml::parse_error& e) {
    return bad_input(place(e.source()) + "not TOML: " + std::string(e.description()));
  } catch (const parser_broke&) {
    return broken_at(text);
  }
}

}  // namespace datagen::kernels::render
