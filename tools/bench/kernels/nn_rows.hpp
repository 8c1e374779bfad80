#pragma once

#include <string>

#include "kernels/registry.hpp"

namespace datagen::tools {

/// Prints nn.infer, one thread, for the models in `folder` (config/models) and for a wider network,
/// beside ONNX Runtime where the environment variable DATAGEN_ONNXRUNTIME names a folder with the
/// npm package onnxruntime-node in its node_modules.
void print_nn_rows(const kernels::registry& kernels, const std::string& folder);

}  // namespace datagen::tools
