#include "tools/bench/kernels/embree_renderer.hpp"

#include <embree3/rtcore.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "kernels/render/trace.hpp"

namespace datagen::tools {

namespace render = kernels::render;
using render::vector3;

namespace {

/// The scene that by_embree searches: trace.hpp's Search has no state of its own.
RTCScene searched = nullptr;

struct by_embree {
  static render::hit closest(const render::scene_view& view, const render::ray& r, float enough) {
    RTCIntersectContext context;
    rtcInitIntersectContext(&context);
    RTCRayHit x{};
    x.ray = {r.origin.x,    r.origin.y,    r.origin.z,
             render::nearest, r.direction.x, r.direction.y,
             r.direction.z, 0,             enough > 0 ? enough : 1e30f,
             0xffffffffu,   0,             0};
    if (enough > 0) {
      rtcOccluded1(searched, &context, &x.ray);
      render::hit found;
      found.distance = x.ray.tfar < 0 ? 0 : enough;
      return found;
    }
    x.hit.geomID = RTC_INVALID_GEOMETRY_ID;
    rtcIntersect1(searched, &context, &x);
    if (x.hit.geomID == RTC_INVALID_GEOMETRY_ID) return {};
    const std::uint32_t first = x.hit.geomID == 0 ? 0 : view.sphere_count;
    return {x.ray.tfar, first + x.hit.primID, x.hit.u, x.hit.v};
  }
};

void add_spheres(RTCDevice device, RTCScene to, const render::scene& scene) {
  const RTCGeometry geometry = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_SPHERE_POINT);
  auto* point = static_cast<float*>(rtcSetNewGeometryBuffer(
      geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT4, 16, scene.spheres.size()));
  for (const auto& x : scene.spheres)
    for (const float value : {x.center.x, x.center.y, x.center.z, x.radius}) *point++ = value;
  rtcCommitGeometry(geometry);
  rtcAttachGeometryByID(to, geometry, 0);
  rtcReleaseGeometry(geometry);
}

void add_triangles(RTCDevice device, RTCScene to, const render::scene& scene) {
  const RTCGeometry geometry = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_TRIANGLE);
  auto* corner = static_cast<float*>(rtcSetNewGeometryBuffer(
      geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3, 12, 3 * scene.triangles.size()));
  auto* index = static_cast<unsigned*>(rtcSetNewGeometryBuffer(
      geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT3, 12, scene.triangles.size()));
  unsigned next = 0;
  for (const auto& x : scene.triangles)
    for (const vector3& at : {x.corner, x.corner + x.edge1, x.corner + x.edge2}) {
      for (const float value : {at.x, at.y, at.z}) *corner++ = value;
      *index++ = next++;
    }
  rtcCommitGeometry(geometry);
  rtcAttachGeometryByID(to, geometry, 1);
  rtcReleaseGeometry(geometry);
}

}  // namespace

struct embree_renderer::state {
  render::scene scene;
  render::bvh tree;
  render::scene_view view;
  RTCDevice device;
  RTCScene embree;

  explicit state(const std::string& text) {
    if (const auto bad = render::parse_scene(text, scene)) {
      std::fprintf(stderr, "%s\n", bad.sentence.c_str());
      std::exit(1);
    }
    tree = render::build_bvh(scene);
    view = {scene.view,
            scene.background,
            scene.materials.data(),
            scene.spheres.data(),
            scene.triangles.data(),
            scene.lights.data(),
            tree.nodes.data(),
            tree.items.data(),
            static_cast<std::uint32_t>(scene.spheres.size()),
            static_cast<std::uint32_t>(scene.triangles.size()),
            static_cast<std::uint32_t>(scene.lights.size()),
            static_cast<std::uint32_t>(tree.nodes.size())};
    device = rtcNewDevice("threads=1");
    embree = rtcNewScene(device);
    rtcSetSceneBuildQuality(embree, RTC_BUILD_QUALITY_HIGH);
    if (!scene.spheres.empty()) add_spheres(device, embree, scene);
    if (!scene.triangles.empty()) add_triangles(device, embree, scene);
    rtcCommitScene(embree);
  }
  ~state() {
    rtcReleaseScene(embree);
    rtcReleaseDevice(device);
  }
  state(const state&) = delete;
  state& operator=(const state&) = delete;

  template <class Search>
  std::vector<float> render(std::uint32_t width, std::uint32_t height,
                            std::uint32_t samples) const {
    constexpr std::uint32_t bounces = 8;  // render.path's default, like the seed
    std::vector<float> image;
    image.reserve(std::size_t{3} * width * height);
    for (std::uint32_t pixel = 0; pixel < width * height; ++pixel) {
      const vector3 x = render::pixel_radiance<Search>(view, pixel, width, height, samples,
                                                       bounces, 1);
      image.insert(image.end(), {x.x, x.y, x.z});
    }
    return image;
  }
};

embree_renderer::embree_renderer(const std::string& scene)
    : state_(std::make_unique<state>(scene)) {}

embree_renderer::~embree_renderer() = default;

std::vector<float> embree_renderer::render(std::uint32_t width, std::uint32_t height,
                                           std::uint32_t samples) const {
  searched = state_->embree;
  return state_->render<by_embree>(width, height, samples);
}

double embree_renderer::share_unlike(std::uint32_t width, std::uint32_t height,
                                     std::uint32_t samples) const {
  const auto theirs = render(width, height, samples);
  const auto ours = state_->render<render::by_tree>(width, height, samples);
  std::size_t unlike = 0;
  for (std::size_t i = 0; i < ours.size(); i += 3) {
    const float a = ours[i] + ours[i + 1] + ours[i + 2];
    const float b = theirs[i] + theirs[i + 1] + theirs[i + 2];
    unlike += std::fabs(a - b) > 0.01f * std::fabs(a) ? 1 : 0;
  }
  return static_cast<double>(3 * unlike) / static_cast<double>(ours.size());
}

}  // namespace datagen::tools
