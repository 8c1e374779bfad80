#pragma once

#include "kernels/host_device.hpp"

/// What the compiler must leave as it is written, and what it must fuse.
namespace datagen::kernels {

DATAGEN_HD inline float not_fused(float a, float b, float c) { return a * b + c; }
DATAGEN_HD inline double not_fused(double a, double b, double c) { return a * b + c; }
DATAGEN_HD inline float ratio(float a, float b) { return a / b; }

}  // namespace datagen::kernels
