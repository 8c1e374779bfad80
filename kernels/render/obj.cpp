#include <charconv>

#include "scene.hpp"

namespace datagen::kernels::render {
namespace {

/// Reads words and numbers of one line.
class line_reader {
 public:
  explicit line_reader(std::string_view line) : rest_(line) { skip(); }

  std::string_view word() {
    const std::size_t end = rest_.find_first_of(" \t\r");
    const std::string_view out = rest_.substr(0, end);
    rest_.remove_prefix(out.size());
    skip();
    return out;
  }
  bool done() const { return rest_.empty(); }

 private:
  void skip() {
    const std::size_t at = rest_.find_first_not_of(" \t\r");
    rest_.remove_prefix(at == rest_.npos ? rest_.size() : at);
  }
  std::string_view rest_;
};

bool read_float(std::string_view text, float& out) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), out);
  return parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size() && out >= -1e6f &&
         out <= 1e6f;
}

struct face {
  std::uint32_t corner[3];
};

/// What the v and f lines say.
struct parsed_mesh {
  std::vector<vector3> points;
  std::vector<face> faces;
};

std::string at_line(std::size_t number) { return "line " + std::to_string(number) + " of obj: "; }

failure read_point(line_reader& words, std::size_t number, parsed_mesh& mesh) {
  vector3 p;
  if (!read_float(words.word(), p.x) || !read_float(words.word(), p.y) ||
      !read_float(words.word(), p.z))
    return bad_input(at_line(number) +
                     "expected 'v x y z' with numbers between -1000000 and 1000000");
  mesh.points.push_back(p);
  return {};
}

failure read_face(line_reader& words, std::size_t number, parsed_mesh& mesh) {
  std::vector<std::uint32_t> corners;
  while (!words.done()) {
    const std::string_view word = words.word();
    const std::string_view digits = word.substr(0, word.find('/'));
    std::int64_t index = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    const auto known = static_cast<std::int64_t>(mesh.points.size());
    if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size())
      return bad_input(at_line(number) + "expected 'f' with corner numbers such as 1 2 3");
    if (index < 0) index += known + 1;
    if (index < 1 || index > known)
      return bad_input(at_line(number) + "face names corner " + std::string(digits) + ", but " +
                       std::to_string(known) + " are defined so far");
    corners.push_back(static_cast<std::uint32_t>(index - 1));
  }
  if (corners.size() < 3)
    return bad_input(at_line(number) + "face has " + std::to_string(corners.size()) +
                     " corners, expected at least 3");
  for (std::size_t i = 2; i < corners.size(); ++i)
    mesh.faces.push_back({{corners[0], corners[i - 1], corners[i]}});
  return {};
}

failure read_mesh(std::string_view text, parsed_mesh& mesh) {
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    line_reader words(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    ++number;
    const std::string_view key = words.word();
    failure bad;
    if (key == "v") bad = read_point(words, number, mesh);
    if (key == "f") bad = read_face(words, number, mesh);
    if (bad) return bad;
    constexpr std::string_view skipped[] = {"", "vn", "vt", "o", "g", "s", "usemtl", "mtllib"};
    bool known = key == "v" || key == "f" || key.starts_with('#');
    for (const std::string_view word : skipped) known = known || key == word;
    if (!known)
      return bad_input(at_line(number) + "starts with '" + std::string(key.substr(0, 20)) +
                       "', expected v, f, vn, vt, o, g, s, usemtl, mtllib or #");
    if (mesh.faces.size() > triangles_max)
      return over_limit("mesh", mesh.faces.size(), triangles_max, "triangles");
  }
  if (mesh.faces.empty()) return bad_input("obj has no faces, expected at least one 'f' line");
  return {};
}

vector3 placed(vector3 p, const placement& place) {
  p = p * place.scale;
  const vector3 turned{fused(p.x, place.cosine, p.z * place.sine), p.y,
                       fused(p.z, place.cosine, -(p.x * place.sine))};
  return turned + place.translate;
}

}  // namespace

triangle flat_triangle(vector3 a, vector3 b, vector3 c, std::uint32_t material) {
  triangle t;
  t.corner = a;
  t.edge1 = b - a;
  t.edge2 = c - a;
  t.normal[0] = t.normal[1] = t.normal[2] = normalized(cross(t.edge1, t.edge2));
  t.material = material;
  return t;
}

failure append_obj(std::string_view text, const std::vector<placement>& places, bool smooth,
                   std::uint32_t material, std::vector<triangle>& out) {
  parsed_mesh mesh;
  if (auto bad = read_mesh(text, mesh)) return bad;
  const std::uint64_t total = out.size() + mesh.faces.size() * places.size();
  if (total > triangles_max) return over_limit("scene", total, triangles_max, "triangles");
  for (const auto& place : places) {
    std::vector<vector3> points;
    for (const auto& p : mesh.points) points.push_back(placed(p, place));
    std::vector<vector3> normals(points.size(), vector3{});
    for (const auto& f : mesh.faces) {
      const vector3 twice_area = cross(points[f.corner[1]] - points[f.corner[0]],
                                       points[f.corner[2]] - points[f.corner[0]]);
      for (const auto corner : f.corner) normals[corner] = normals[corner] + twice_area;
    }
    for (const auto& f : mesh.faces) {
      triangle t = flat_triangle(points[f.corner[0]], points[f.corner[1]], points[f.corner[2]],
                                 material);
      if (smooth)
        for (int i = 0; i < 3; ++i) t.normal[i] = normalized(normals[f.corner[i]]);
      out.push_back(t);
    }
  }
  return {};
}

}  // namespace datagen::kernels::render
