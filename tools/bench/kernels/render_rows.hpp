#pragma once

#include "kernels/registry.hpp"

namespace datagen::tools {

/// render.path of the scene at `path` beside the same renderer with Embree's tree and intersections.
void print_render_rows(const kernels::registry& kernels, const char* path);

}  // namespace datagen::tools
