#include "kernels/render/scene.hpp"

#include "support.hpp"

using namespace datagen::kernels;
using namespace datagen::kernels::testing;

namespace {

const std::string camera = "[camera]\nposition = [0, 1, 5]\nlook_at = [0, 0, 0]\n";
const std::string white = "[[material]]\nname = \"white\"\nkind = \"diffuse\"\n";

std::string refusal(const std::string& text) {
  render::scene scene;
  const auto bad = render::parse_scene(text, scene);
  return bad ? bad.sentence : "accepted";
}

}  // namespace

TEST_CASE("scene: the example in config/scenes is accepted") {
  const bytes file = source_file("config/scenes/loggia.toml");
  const std::string text(file.begin(), file.end());
  REQUIRE_FALSE(text.empty());
  render::scene scene;
  const auto bad = render::parse_scene(text, scene);
  CHECK_MESSAGE(!bad, bad.sentence);
  CHECK(scene.triangles.size() > 5000);
  CHECK(scene.lights.size() == 5);
}

TEST_CASE("scene: quads, boxes, placed meshes and lamps become primitives") {
  render::scene scene;
  REQUIRE_FALSE(render::parse_scene(
      camera + white +
          "[[material]]\nname = \"lamp\"\nkind = \"emissive\"\nstrength = 3\ncolor = [1, 1, 1]\n"
          "[[quad]]\ncorner = [0, 3, 0]\nu = [1, 0, 0]\nv = [0, 0, 2]\nmaterial = \"lamp\"\n"
          "[[box]]\nlow = [0, 0, 0]\nhigh = [1, 2, 3]\nmaterial = \"white\"\n"
          "[[sphere]]\ncenter = [0, 0, 0]\nradius = 1\nmaterial = \"lamp\"\n"
          "[[mesh]]\nmaterial = \"white\"\nat = [[0, 0, 0], [5, 0, 0]]\nscale = 2\n"
          "obj = \"\"\"\nv 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nf 1 2 3 4\n\"\"\"\n",
      scene));
  CHECK(scene.triangles.size() == 2 + 12 + 2 * 2);
  REQUIRE(scene.lights.size() == 3);
  CHECK(scene.lights[0].primitive == 0);
  CHECK(scene.lights[1].area == 1.0f);
  CHECK(scene.lights[2].chosen_below == 1.0f);
  CHECK(scene.triangles[16].corner.x == 5.0f);
  CHECK(scene.triangles[16].edge1.x == 2.0f);
}

TEST_CASE("scene: errors name line and column, what was found and what was expected") {
  CHECK(refusal("") == "line 1, column 1: the scene has no [camera], which it needs");
  CHECK(refusal(camera) ==
        "line 1, column 1: the scene has no [[material]], expected at least one");
  CHECK(refusal("[camera]\nposition = [0, 0\n") ==
        "line 2, column 18: not TOML: Error while parsing array: encountered end-of-file");
  CHECK(refusal(camera + "fov = 40\n" + white) ==
        "line 4, column 1: unknown key 'fov' in [camera], expected one of position, look_at, up, "
        "fov_degrees, aperture, focus_distance, exposure");
  CHECK(refusal(camera + "fov_degrees = 200\n" + white) ==
        "line 4, column 15: [camera] fov_degrees is 200, expected 1 to 170");
  CHECK(refusal(camera + "fov_degrees = nan\n" + white) ==
        "line 4, column 15: [camera] fov_degrees is nan, expected 1 to 170");
  CHECK(refusal(camera + "up = [0, 1]\n" + white) ==
        "line 4, column 6: [camera] up must be three numbers [x, y, z]");
  CHECK(refusal(camera + "up = [0, \"1\", 0]\n" + white) ==
        "line 4, column 10: [camera] up must be a number");
  CHECK(refusal("[camera]\nposition = [0, 0, 0]\nlook_at = [0, 0, 0]\n" + white) ==
        "line 3, column 11: [camera] look_at is the camera's own position");
  CHECK(refusal(camera + "[[material]]\nname = \"a\"\nkind = \"wood\"\n") ==
        "line 6, column 8: material kind is 'wood', expected diffuse, checker, metal, glass or "
        "emissive");
  CHECK(refusal(camera + white + white) ==
        "line 8, column 8: material 'white' is defined twice");
  CHECK(refusal(camera + white +
                "[[sphere]]\ncenter = [0, 0, 0]\nradius = 1\nmaterial = \"whit\"\n") ==
        "line 10, column 12: [[sphere]] names material 'whit', which is not defined");
  CHECK(refusal(camera + white + "[[sphere]]\ncenter = [0, 0, 0]\nmaterial = \"white\"\n") ==
        "line 7, column 1: [[sphere]] has no 'radius', which it needs");
  CHECK(refusal(camera + white + "[sphere]\nradius = 1\n") ==
        "line 7, column 1: sphere must be written [[sphere]]");
  CHECK(refusal(camera + white + "[[box]]\nlow = [0, 0, 0]\nhigh = [1, 0, 1]\n"
                                 "material = \"white\"\n") ==
        "line 9, column 8: [[box]] high must exceed low in every coordinate");
}

TEST_CASE("scene: errors inside an OBJ text name its line") {
  const auto mesh = [](const std::string& obj) {
    return refusal(camera + white + "[[mesh]]\nmaterial = \"white\"\nobj = \"\"\"\n" + obj +
                   "\"\"\"\n");
  };
  CHECK(mesh("v 0 0 0\nv 1 0 0\nf 1 2 3\n") ==
        "line 9, column 7: line 3 of obj: face names corner 3, but 2 are defined so far");
  CHECK(mesh("v 0 0\n") == "line 9, column 7: line 1 of obj: expected 'v x y z' with numbers "
                           "between -1000000 and 1000000");
  CHECK(mesh("v 0 0 0\nf 1 1\n") ==
        "line 9, column 7: line 2 of obj: face has 2 corners, expected at least 3");
  CHECK(mesh("v 0 0 0\nf 0 1 1\n") ==
        "line 9, column 7: line 2 of obj: face names corner 0, but 1 are defined so far");
  CHECK(mesh("curve 1\n").starts_with("line 9, column 7: line 1 of obj: starts with 'curve'"));
  CHECK(mesh("v 0 0 0\n") ==
        "line 9, column 7: obj has no faces, expected at least one 'f' line");
  CHECK(mesh("v 0 0 0\nv 1 0 0\nv 0 1 0\nvn 0 0 1\nf -3//1 -2/1 -1/1/1\n# end\n") == "accepted");
}

TEST_CASE("scene: texts on which toml++ itself breaks are errors with a place, not crashes") {
  CHECK(refusal("[camera]\nposition = [0, 0, 0]\n[\x16material]]\n") ==
        "line 3, column 2: not TOML: unexpected character here");
  std::string deep = "a = 1\nb";
  for (int i = 0; i < 1000000; ++i) deep += ".b";
  CHECK(refusal(deep + " = 1\n") ==
        "line 2, column 1: more than 100 dots in one key or text");
  CHECK(refusal(std::string(1000000, '[')).find("not TOML") != std::string::npos);
  CHECK(refusal("a = " + std::string(1000000, '[')).find("not TOML") != std::string::npos);
  CHECK(refusal("a = " + std::string(1000000, '{')).find("not TOML") != std::string::npos);
}

TEST_CASE("scene: no cut of a good scene crashes the parser") {
  const std::string good = camera + white + "[[mesh]]\nmaterial = \"white\"\nat = [[0, 0, 0]]\n"
                           "obj = \"\"\"\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n\"\"\"\n";
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  for (std::size_t cut = 0; cut < good.size(); ++cut) refusal(good.substr(0, cut));
  for (int i = 0; i < 1500; ++i) {
    std::string damaged = good;
    for (std::uint64_t n = 1 + random.below(4); n > 0; --n)
      damaged[random.below(damaged.size())] = static_cast<char>(random.next());
    refusal(damaged);
  }
}
