#include "render_path.hpp"

#include <bit>
#include <string>

#include "host_device.hpp"
#include "launch.hpp"
#include "params.hpp"
#include "render/bvh.hpp"
#include "render/png.hpp"
#include "render/tone.hpp"
#include "render/trace.hpp"

namespace datagen::kernels {
namespace {

using render::vector3;

constexpr std::uint64_t side_max = 8192;
constexpr std::uint64_t samples_max = 65536;
constexpr std::uint64_t bounces_max = 32;
constexpr std::uint64_t paths_max = std::uint64_t{1} << 33;
constexpr datagen_limit limits[] = {{"input", render::scene_bytes_max, "bytes"},
                                    {"width and height", side_max, "pixels"},
                                    {"samples", samples_max, "samples"},
                                    {"width*height*samples", paths_max, "paths"},
                                    {"bounces", bounces_max, "bounces"},
                                    {"triangles", render::triangles_max, "triangles"},
                                    {"spheres", render::spheres_max, "spheres"},
                                    {"materials", render::materials_max, "materials"}};
constexpr param_rule rules[] = {
    {.key = "bounces", .fallback = "8", .minimum = 1, .maximum = bounces_max},
    {.key = "height", .fallback = "360", .minimum = 1, .maximum = side_max},
    {.key = "samples", .fallback = "64", .minimum = 1, .maximum = samples_max},
    {.key = "seed", .fallback = "1", .minimum = 0, .maximum = 0x1p64},
    {.key = "width", .fallback = "640", .minimum = 1, .maximum = side_max},
};

struct picture {
  std::uint32_t width = 0, height = 0, samples = 0, bounces = 0;
  std::uint64_t seed = 0;
  DATAGEN_HD std::uint64_t pixels() const { return std::uint64_t{width} * height; }
};

struct picture_job {
  picture frame;
  render::scene scene;
};

failure parse(const work& work, picture_job& job) {
  picture& p = job.frame;
  param_values values;
  if (auto bad = parse_params(work.params, rules, values)) return bad;
  p.width = static_cast<std::uint32_t>(values.integer("width"));
  p.height = static_cast<std::uint32_t>(values.integer("height"));
  p.samples = static_cast<std::uint32_t>(values.integer("samples"));
  p.bounces = static_cast<std::uint32_t>(values.integer("bounces"));
  p.seed = values.integer("seed");
  if (p.pixels() * p.samples > paths_max)
    return over_limit("width*height*samples", p.pixels() * p.samples, paths_max, "paths");
  return render::parse_scene(
      {reinterpret_cast<const char*>(work.input.data()), work.input.size()}, job.scene);
}

std::uint64_t units(const work&, const picture_job& job) {
  const picture& p = job.frame;
  const auto depth = static_cast<std::uint64_t>(std::bit_width(job.scene.primitives()));
  return 1 + p.pixels() * p.samples * (1 + p.bounces) * (4 + depth) / 128;
}

/// Renders item i's pixel. Items are spread over the picture in runs of 16, so that equal shares
/// of a window cost about the same; which pixel an item is does not change the pixel.
struct render_pixel {
  render::scene_view scene;
  picture p;
  std::uint64_t runs;
  vector3* out;

  DATAGEN_HD void operator()(std::uint64_t item) const {
    constexpr std::uint64_t stride = 7919;  // prime
    const std::uint64_t run = runs % stride != 0 ? item / 16 * stride % runs : item / 16;
    const std::uint64_t pixel = run * 16 + item % 16;
    if (pixel >= p.pixels()) return;
    out[pixel] = render::pixel_radiance<render::by_tree>(
        scene, static_cast<std::uint32_t>(pixel), p.width, p.height, p.samples, p.bounces,
        p.seed);
  }
};

failure run(const work&, const picture_job& job, const run_settings& settings,
            output_buffer& output) {
  const auto& [p, scene] = job;
  const render::bvh tree = render::build_bvh(scene);
  const device_input materials(scene.materials.data(), scene.materials.size());
  const device_input spheres(scene.spheres.data(), scene.spheres.size());
  const device_input triangles(scene.triangles.data(), scene.triangles.size());
  const device_input lights(scene.lights.data(), scene.lights.size());
  const device_input nodes(tree.nodes.data(), tree.nodes.size());
  const device_input items(tree.items.data(), tree.items.size());
  device_output<vector3> image(p.pixels());
  const render::scene_view view{
      scene.view,
      scene.background,
      materials.data(),
      spheres.data(),
      triangles.data(),
      lights.data(),
      nodes.data(),
      items.data(),
      static_cast<std::uint32_t>(scene.spheres.size()),
      static_cast<std::uint32_t>(scene.triangles.size()),
      static_cast<std::uint32_t>(scene.lights.size()),
      static_cast<std::uint32_t>(tree.nodes.size()),
  };
#if defined(__CUDACC__)
  constexpr std::uint64_t window_paths = std::uint64_t{1} << 26;
#else
  constexpr std::uint64_t window_paths = std::uint64_t{1} << 18;
#endif
  const std::uint64_t runs = (p.pixels() + 15) / 16;
  const std::uint64_t window = greatest<std::uint64_t>(64, window_paths / p.samples);
  if (auto bad =
          launch(settings, runs * 16, window, render_pixel{view, p, runs, image.data()}))
    return bad;
  std::vector<std::uint8_t> rgb;
  rgb.reserve(p.pixels() * 3);
  for (const vector3& value : image.download())
    for (float channel : {value.x, value.y, value.z})
      rgb.push_back(render::displayed(channel * scene.view.exposure));
  const auto png = render::png_of(rgb, p.width, p.height);
  output.assign(png.begin(), png.end());
  return {};
}

}  // namespace

const kernel_definition render_path{
    .id = "render.path",
    .version = 0,
    .summary = "path-traced picture of a scene, as PNG",
    .limits = limits,
    .units = units_of_job<picture_job, parse, units>,
    .run = run_job<picture_job, parse, units, run>,
};

}  // namespace datagen::kernels
