#include "kernels/render/png.hpp"

#include <png.h>

#include "kernels/render/tone.hpp"
#include "support.hpp"

using namespace datagen::kernels;
using namespace datagen::kernels::testing;

namespace {

/// What libpng reads out of a file; empty when it refuses.
bytes decoded(const bytes& file, std::uint32_t width, std::uint32_t height) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, file.data(), file.size()) == 0) return {};
  CHECK(image.width == width);
  CHECK(image.height == height);
  image.format = PNG_FORMAT_RGB;
  bytes out(PNG_IMAGE_SIZE(image));
  if (png_image_finish_read(&image, nullptr, out.data(), 0, nullptr) == 0) return {};
  CHECK(image.warning_or_error == 0);
  return out;
}

}  // namespace

TEST_CASE("png: libpng reads back every pixel of noise, gradients, flats and one-pixel images") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  const std::uint32_t sizes[][2] = {{1, 1}, {1, 300}, {300, 1}, {7, 5}, {333, 217}, {640, 200}};
  for (const auto& size : sizes)
    for (int kind = 0; kind < 4; ++kind) {
      CAPTURE(size[0]);
      CAPTURE(kind);
      bytes rgb(std::size_t{size[0]} * size[1] * 3);
      for (std::size_t i = 0; i < rgb.size(); ++i) {
        const auto noise = static_cast<std::uint8_t>(random.next());
        const std::uint8_t values[] = {noise, static_cast<std::uint8_t>(i / 97), 200,
                                       static_cast<std::uint8_t>(noise < 3 ? noise : i / 3 % 64)};
        rgb[i] = values[kind];
      }
      CHECK(decoded(render::png_of(rgb, size[0], size[1]), size[0], size[1]) == rgb);
    }
}

TEST_CASE("png: long repeats with the largest distance survive") {
  random_source random(9);
  bytes rgb = random.some_bytes(3 * 128 * 86);
  bytes twice = rgb;
  twice.insert(twice.end(), rgb.begin(), rgb.end());
  CHECK(decoded(render::png_of(twice, 128, 172), 128, 172) == twice);
}

TEST_CASE("png: a picture of few colours is packed, noise hardly grows") {
  CHECK(render::png_of(bytes(300000, 7), 1000, 100).size() < 1500);
  random_source random(2);
  CHECK(render::png_of(random.some_bytes(300000), 1000, 100).size() < 302000);
}

TEST_CASE("png: known answer, because the file's bytes are the result") {
  random_source random(5);
  bytes rgb(64 * 48 * 3);
  for (std::size_t i = 0; i < rgb.size(); ++i)
    rgb[i] = static_cast<std::uint8_t>(i / 40 + random.below(4));
  CHECK(hex(sha256(render::png_of(rgb, 64, 48))) == "31bf5dcc82cecba11138d3452ac19a2943d8fb178e28d0cbb84277d9cfcf4ccd");
}

TEST_CASE("tone: black is 0, bright is 255, it never falls, NaN is black") {
  CHECK(render::displayed(0.0f) == 0);
  CHECK(render::displayed(-1.0f) == 0);
  CHECK(render::displayed(std::numeric_limits<float>::quiet_NaN()) == 0);
  CHECK(render::displayed(std::numeric_limits<float>::infinity()) == 255);
  int before = 0;
  for (float x = 0; x < 20; x += 0.001f) {
    const int now = render::displayed(x);
    CHECK_FALSE(now < before);
    before = now;
  }
}
