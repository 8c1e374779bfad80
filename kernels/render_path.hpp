#pragma once

#include "kernel.hpp"

namespace datagen::kernels {

/// `render.path`: a path-traced picture of a scene.
///
/// Params: `width`, `height` in pixels, `samples` per pixel, `bounces` per path, `seed`.
/// Input: TOML text: [camera], [sky], [[material]], [[sphere]], [[triangle]], [[quad]], [[box]],
/// [[mesh]] with its OBJ text inside; keys in render/scene.cpp, an example in config/scenes/.
/// Output: a PNG file, 8-bit sRGB: mean radiance times exposure, through Narkowicz's fit of the
/// ACES curve and the sRGB transfer function.
/// Order: pixel (x, y) is item y * width + x of the sampler; samples are added ascending; the
/// closest hit wins, ties by primitive id. So neither tiles nor threads nor devices matter.
/// Units: 1 + width*height*samples * (1 + bounces) * (4 + bits of the primitive count) / 128.
extern const kernel_definition render_path;

}  // namespace datagen::kernels
