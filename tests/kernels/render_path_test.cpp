#include <cmath>

#include "kernels/render/bvh.hpp"
#include "kernels/render/png.hpp"
#include "kernels/render/tone.hpp"
#include "kernels/render/trace.hpp"
#include "support.hpp"

using namespace datagen::kernels;
using namespace datagen::kernels::testing;

namespace {

bytes example_scene() { return source_file("config/scenes/loggia.toml"); }

/// A scene with its tree, viewed as the kernel views it.
struct prepared {
  render::scene scene;
  render::bvh tree;
  std::vector<render::bvh_item> in_id_order;

  explicit prepared(const bytes& text) {
    const auto bad = render::parse_scene({reinterpret_cast<const char*>(text.data()), text.size()},
                                         scene);
    REQUIRE_MESSAGE(!bad, bad.sentence);
    tree = render::build_bvh(scene);
    for (std::uint32_t id = 0; id < scene.primitives(); ++id)
      in_id_order.push_back(render::item_of(scene, id));
  }
  render::scene_view view(bool by_tree) const {
    return {scene.view,
            scene.background,
            scene.materials.data(),
            scene.spheres.data(),
            scene.triangles.data(),
            scene.lights.data(),
            tree.nodes.data(),
            by_tree ? tree.items.data() : in_id_order.data(),
            static_cast<std::uint32_t>(scene.spheres.size()),
            static_cast<std::uint32_t>(scene.triangles.size()),
            static_cast<std::uint32_t>(scene.lights.size()),
            static_cast<std::uint32_t>(tree.nodes.size())};
  }
};

/// The picture pixel after pixel, last pixel first, by a loop over all primitives.
bytes naive_picture(const bytes& text, std::uint32_t width, std::uint32_t height,
                    std::uint32_t samples, std::uint32_t bounces, std::uint64_t seed) {
  const prepared p(text);
  bytes rgb(std::size_t{width} * height * 3);
  for (std::uint32_t pixel = width * height; pixel-- > 0;) {
    const auto value = render::pixel_radiance<render::by_loop>(p.view(false), pixel, width, height,
                                                               samples, bounces, seed);
    const float channels[] = {value.x, value.y, value.z};
    for (std::size_t c = 0; c < 3; ++c)
      rgb[pixel * 3 + c] = render::displayed(channels[c] * p.scene.view.exposure);
  }
  return render::png_of(rgb, width, height);
}

std::string number(random_source& random, double low, double high) {
  const double u = static_cast<double>(random.next() >> 11) * 0x1p-53;
  return std::to_string(low + (high - low) * u);
}

std::string point(random_source& random, double reach) {
  return "[" + number(random, -reach, reach) + ", " + number(random, -reach, reach) + ", " +
         number(random, -reach, reach) + "]";
}

/// A random heap of everything, with exact duplicates so that ties happen.
bytes random_scene(std::uint64_t seed) {
  random_source random(seed);
  std::string text = "[camera]\nposition = [0, 0.5, 6]\nlook_at = [0, 0, 0]\naperture = 0.1\n";
  const char* kinds[] = {"diffuse", "checker", "metal", "glass", "emissive", "diffuse"};
  for (int i = 0; i < 6; ++i)
    text += std::string("[[material]]\nname = \"m") + std::to_string(i) + "\"\nkind = \"" +
            kinds[i] + "\"\ncolor = [" + number(random, 0, 1) + ", 0.5, " + number(random, 0, 1) +
            "]\n" + (i == 5 ? "coat = true\n" : "") + (i == 4 ? "strength = 20\n" : "");
  for (int i = 0; i < 14; ++i) {
    const std::string body = "[[sphere]]\ncenter = " + point(random, 2) +
                             "\nradius = " + number(random, 0.1, 0.6) + "\n";
    text += body + "material = \"m" + std::to_string(i % 6) + "\"\n";
    if (i < 3) text += body + "material = \"m5\"\n";
  }
  for (int i = 0; i < 30; ++i) {
    const std::string body = "[[triangle]]\npoints = [" + point(random, 2.5) + ", " +
                             point(random, 2.5) + ", " + point(random, 2.5) + "]\n";
    text += body + "material = \"m" + std::to_string(random.below(6)) + "\"\n";
    if (i < 5) text += body + "material = \"m" + std::to_string(random.below(6)) + "\"\n";
  }
  text += "[[quad]]\ncorner = [-5, -2, -5]\nu = [0, 0, 10]\nv = [10, 0, 0]\nmaterial = \"m1\"\n";
  return from_text(text);
}

}  // namespace

TEST_CASE("render.path: known answer of the example scene, with paths enough that a rounding shows") {
  // 384,000 paths: contraction or -ffast-math in the tracer changes this picture, few paths may not.
  const auto result =
      run_cpu("render.path", "height=120\nsamples=16\nwidth=200", example_scene());
  REQUIRE_MESSAGE(result.ok(), result.message);
  CHECK(hex(sha256(result.output)) ==
        "bfde7e1250aa56f12ce3121ba6086a337f9742014aca053bd44e23d8c1eeb222");
}

TEST_CASE("render.path: equals a loop over pixels and primitives, byte for byte") {
  const auto seed = test_seed();
  CAPTURE(seed);
  for (std::uint64_t i = 0; i < 3; ++i) {
    CAPTURE(i);
    const bytes text = random_scene(seed + i);
    const auto result =
        run_cpu("render.path", "bounces=6\nheight=21\nsamples=5\nseed=9\nwidth=33", text);
    REQUIRE_MESSAGE(result.ok(), result.message);
    CHECK(result.output == naive_picture(text, 33, 21, 5, 6, 9));
  }
}

TEST_CASE("render.path: the tree finds the loop's hit for every ray, ties included") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  const prepared p(random_scene(seed));
  const auto unit = [&] { return static_cast<float>(random.next() >> 40) * 0x1p-23f - 1.0f; };
  int hits = 0;
  for (int i = 0; i < 20000; ++i) {
    render::ray r{{unit() * 4, unit() * 4, unit() * 4}, {unit(), unit(), unit()}};
    if (i % 5 == 0) r.direction = {i % 2 == 0 ? 0.0f : -0.0f, r.direction.y, 0.0f};
    r.direction = render::normalized(r.direction);
    const auto tree = render::closest_by_tree(p.view(true), r, 0);
    const auto loop = render::closest_by_loop(p.view(false), r);
    CHECK(tree.primitive == loop.primitive);
    CHECK(tree.distance == loop.distance);
    hits += loop.primitive != render::no_primitive ? 1 : 0;
    const float enough = 1.5f;
    CHECK((render::closest_by_tree(p.view(true), r, enough).distance < enough) ==
          (loop.distance < enough));
  }
  CHECK(hits > 5000);
}

TEST_CASE("render.path: the bytes do not depend on the number of threads") {
  const bytes text = example_scene();
  const auto one =
      run_cpu("render.path", "height=36\nsamples=4\nwidth=64", text, 1);
  REQUIRE_MESSAGE(one.ok(), one.message);
  CHECK(run_cpu("render.path", "height=36\nsamples=4\nwidth=64", text, 2).output == one.output);
  CHECK(run_cpu("render.path", "height=36\nsamples=4\nwidth=64", text, 3).output == one.output);
  if (has_cuda())
    CHECK(run_cuda("render.path", "height=36\nsamples=4\nwidth=64", text).output == one.output);
}

TEST_CASE("render.path: known answer, so that an old picture still verifies") {
  const auto result = run_cpu("render.path", "height=27\nsamples=8\nseed=3\nwidth=48",
                              random_scene(1));
  CHECK(hex(sha256(result.output)) == "4e63dea9a377bd9aecb177da394bd9c5e26c7dacfb850c215edbd184b9ad240f");
}

TEST_CASE("render.path: a seed is a different picture") {
  const bytes text = random_scene(1);
  const auto a = run_cpu("render.path", "height=20\nsamples=1\nseed=1\nwidth=20", text);
  const auto b = run_cpu("render.path", "height=20\nsamples=1\nseed=4294967297\nwidth=20", text);
  CHECK(a.output != b.output);
}

TEST_CASE("render.path: a convex body of albedo one half under an even sky is exactly half lit") {
  const bytes text = from_text(
      "[camera]\nposition = [0, 0, 5]\nlook_at = [0, 0, 0]\n"
      "[sky]\nzenith = [1, 1, 1]\nhorizon = [1, 1, 1]\nground = [1, 1, 1]\n"
      "[[material]]\nname = \"grey\"\nkind = \"diffuse\"\ncolor = [0.5, 0.5, 0.5]\n"
      "[[sphere]]\ncenter = [0, 0, 0]\nradius = 1\nmaterial = \"grey\"\n");
  const prepared p(text);
  const auto lit = render::pixel_radiance<render::by_tree>(p.view(true), 32 * 64 + 32, 64, 64, 16,
                                                           8, 1);
  CHECK(lit.x == 0.5f);
  CHECK(render::pixel_radiance<render::by_tree>(p.view(true), 0, 64, 64, 16, 8, 1).x == 1.0f);
}

TEST_CASE("render.path: a floor under a lamp receives what the inverse square law says") {
  for (const bool quad : {true, false}) {
    CAPTURE(quad);
    const std::string lamp =
        quad ? "[[quad]]\ncorner = [-0.1, 3, -0.1]\nu = [0.2, 0, 0]\nv = [0, 0, 0.2]\n"
             : "[[sphere]]\ncenter = [0, 3, 0]\nradius = 0.1\n";
    const prepared p(from_text(
        "[camera]\nposition = [0, 1, 0.001]\nlook_at = [0, 0, 0]\nfov_degrees = 1\n"
        "[sky]\nzenith = [0, 0, 0]\nhorizon = [0, 0, 0]\nground = [0, 0, 0]\n"
        "[[material]]\nname = \"grey\"\nkind = \"diffuse\"\ncolor = [0.6, 0.6, 0.6]\n"
        "[[material]]\nname = \"lamp\"\nkind = \"emissive\"\ncolor = [1, 1, 1]\nstrength = 50\n"
        "[[quad]]\ncorner = [-9, 0, -9]\nu = [0, 0, 18]\nv = [18, 0, 0]\nmaterial = \"grey\"\n" +
        lamp + "material = \"lamp\"\n"));
    const auto lit = render::pixel_radiance<render::by_tree>(p.view(true), 0, 1, 1, 4096, 1, 1);
    const double pi = std::acos(-1.0);
    const double area = quad ? 0.04 : pi * 0.1 * 0.1;  // a sphere shows its disc
    const double expected = 0.6 / pi * 50 * area / 9;
    CHECK(std::fabs(static_cast<double>(lit.x) / expected - 1) < 0.02);
  }
}

TEST_CASE("render.path: the samples of a pixel cover the square evenly") {
  // A (0,2)-sequence: each of the 256 cells 16x16, 4x64, ... of 256 points holds exactly one.
  for (std::uint32_t number : {0u, 3u}) {
    for (int shift_x : {2, 4, 6}) {
      std::vector<int> cells(256, 0);
      for (std::uint32_t i = 0; i < 256; ++i) {
        const auto u = render::sampler{7, 11, i}.pair(number);
        const auto x = static_cast<unsigned>(u.u * static_cast<float>(1 << shift_x));
        const auto y = static_cast<unsigned>(u.v * static_cast<float>(256 >> shift_x));
        ++cells[x * (256u >> shift_x) + y];
      }
      CHECK(std::count(cells.begin(), cells.end(), 1) == 256);
    }
  }
}

TEST_CASE("render.path: units grow with pixels, samples, bounces and the depth of the scene") {
  const auto result =
      run_cpu("render.path", "bounces=3\nheight=8\nsamples=4\nwidth=8", random_scene(1));
  render::scene scene;
  const auto text = random_scene(1);
  REQUIRE_FALSE(render::parse_scene(
      {reinterpret_cast<const char*>(text.data()), text.size()}, scene));
  REQUIRE(scene.primitives() == 54);
  CHECK(result.units == 1 + 8 * 8 * 4 * 4 * (4 + 6) / 128);
}

TEST_CASE("render.path: bad scenes and sizes are refused, with status and sentence") {
  const auto refused = [](std::string_view params, const bytes& input) {
    const auto result = run_cpu("render.path", params, input);
    CHECK(result.output.empty());
    return std::to_string(result.exit_status) + ": " + result.message;
  };
  CHECK(refused("", {}) == "2: line 1, column 1: the scene has no [camera], which it needs");
  CHECK(refused("width=0", {}) == "3: parameter 'width' is 0, the limits are 1 to 8192");
  CHECK(refused("height=9000", {}) == "3: parameter 'height' is 9000, the limits are 1 to 8192");
  CHECK(refused("height=8192\nsamples=65536\nwidth=8192", {}) ==
        "3: width*height*samples is 4398046511104 paths, the limit is 8589934592 paths");
}
