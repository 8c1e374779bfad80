#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/registry.hpp"

namespace datagen::tools {

/// A job of nn.infer: 256 rows through 1024-1024-1024-16, Relu between.
std::vector<std::uint8_t> wide_network();

/// Prints what ONNX Runtime for Python takes for wide_network() on all threads and on CUDA, where the
/// environment variable DATAGEN_ONNXRUNTIME_PYTHON says how to call onnx_runtime.py.
void print_nn_device_peers(const kernels::registry& kernels);

/// Prints nn.infer, one thread, for the models in `folder` (config/models) and for a wider network,
/// beside ONNX Runtime where the environment variable DATAGEN_ONNXRUNTIME names a folder with the
/// npm package onnxruntime-node in its node_modules.
void print_nn_rows(const kernels::registry& kernels, const std::string& folder);

}  // namespace datagen::tools
