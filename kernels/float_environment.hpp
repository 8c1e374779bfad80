#pragma once

#include "failure.hpp"

namespace datagen::kernels {

/// Refuses to compute on the calling thread while flush-to-zero, denormals-are-zero or another
/// rounding mode is set (profile rule 2); some libraries built with -ffast-math set them at load.
failure check_float_environment();

/// The same on every OpenMP worker the next launch will use.
failure check_worker_environments();

}  // namespace datagen::kernels
