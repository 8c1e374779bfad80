#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace datagen::tools {

/// A peer of render.path: its own light and materials, but rays find surfaces by Embree 3.
class embree_renderer {
 public:
  /// @param scene as render.path reads it; ends the program where it is refused
  explicit embree_renderer(const std::string& scene);
  ~embree_renderer();
  embree_renderer(const embree_renderer&) = delete;
  embree_renderer& operator=(const embree_renderer&) = delete;

  /// Radiance of every pixel, three numbers each, on this thread.
  std::vector<float> render(std::uint32_t width, std::uint32_t height,
                            std::uint32_t samples) const;
  /// Share of the pixels that our own tree shows more than one percent brighter or darker: rounding
  /// sends few paths another way, a scene that was read wrongly all of them.
  double share_unlike(std::uint32_t width, std::uint32_t height, std::uint32_t samples) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace datagen::tools
