#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "../npy.hpp"
#include "onnx.hpp"

namespace datagen::kernels::nn {

inline constexpr std::uint64_t memory_floats_max = std::uint64_t{1} << 28;  ///< of all tensors
inline constexpr std::uint64_t multiply_adds_max = std::uint64_t{1} << 38;
inline constexpr std::uint64_t visits_max = std::uint64_t{1} << 34;  ///< elements, over all steps
inline constexpr std::int64_t opset_min = 13;
inline constexpr std::int64_t opset_max = 17;
inline constexpr std::uint32_t no_value = std::numeric_limits<std::uint32_t>::max();

/// What one step computes. Reshape, Flatten, Identity and Constant compute nothing; Gemm becomes
/// transpose, matrix_product, multiply and add.
enum class operation {
  matrix_product,
  add,
  subtract,
  multiply,
  divide,  // of two
  relu,
  erf,
  sigmoid,
  square_root,
  tanh,  // of one
  softmax,
  layer_norm,
  gather,
  transpose
};

/// A tensor while the graph runs. f32 values have different `offset`s, views of one the same; where
/// they lie in a run is the layout's matter (layout.hpp).
struct value {
  element type = element::f32;
  dimensions shape;
  std::uint64_t offset = 0;
  bool constant = false;                 ///< the model holds it, or its transpose
  const std::uint8_t* source = nullptr;  ///< where its bytes come from; null: a step computes it
  std::vector<std::int64_t> integers;    ///< of i64, always known before the run
};

struct step {
  operation what = operation::add;
  std::uint32_t a = no_value, b = no_value, c = no_value;  ///< operands, indices into values
  std::uint32_t out = no_value;
  float epsilon = 0;                      ///< layer_norm
  std::vector<std::uint32_t> order = {};  ///< transpose: input axis of each axis
  std::vector<std::uint32_t> rows = {};   ///< gather, within the operand
};

/// Rows, columns and depth of a step's products; `count` of them lie one after the other.
struct product_shape {
  std::uint64_t count = 1, m = 1, k = 1, n = 1;
};

/// A model made ready for one set of inputs: every shape known, every step checked.
struct plan {
  std::vector<value> values;
  std::vector<step> steps;
  std::vector<std::uint32_t> outputs;
  std::uint64_t floats = 0;  ///< of all tensors
  std::uint64_t multiply_adds = 0;
  std::uint64_t visits = 0;  ///< elements written, over all steps

  product_shape product_of(const step& s) const;
};

/// @param inputs one array for each graph input that is no initializer, in the graph's order
/// @pre `model` and the inputs' bytes outlive the plan
failure make_plan(const model& model, std::span<const npy_array> inputs, plan& out);

}  // namespace datagen::kernels::nn
