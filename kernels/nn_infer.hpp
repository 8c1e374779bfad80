#pragma once

#include "kernel.hpp"

namespace datagen::kernels {

/// `nn.infer`: one run of an ONNX model.
///
/// Params: `precision` f32 (default) or w8a8.
/// Input: a `.npy` file for each input of the model, in its order, directly followed by the model
/// (`cat digits.npy model.onnx`). f32 and i64 tensors, operator sets 13 to 17, the operators listed
/// in nn/operators.cpp; anything else is refused by name.
/// Output: a `.npy` file of f32 for each output of the model, one after the other; NaNs leave as
/// 0x7fc00000.
/// Orders, f32 (profile version 1):
/// - MatMul, Gemm: rule 3, chains of fused multiply-adds over k ascending in chunks of 512; Gemm
///   then adds C.
/// - Sums of Softmax and LayerNormalization: 32 lanes (lane = index mod 32, +0 first, ascending),
///   then lane l + lane l+16, l+8, l+4, l+2, l+1. The largest likewise, from -infinity, with
///   a > b ? a : b.
/// - Softmax: exponential(x - largest) / sum. LayerNormalization: mean = sum / n, d = x - mean,
///   v = (sum of fused d*d) / n, y = fused(d * (1 / sqrt(v + epsilon)), scale, bias), bias +0 when
///   absent. Relu: x < 0 ? 0 : x. Erf, Sigmoid, Tanh: nn/functions.hpp.
/// w8a8: a product whose right operand is a matrix of the model is computed from 8-bit integers.
///   A row of the left and a column of the right operand are each divided by its scale, the largest
///   absolute value / 127, held to [-127, 127] (NaN: 127) and rounded to the nearest integer, ties
///   to even; scale 0 gives 0. The 32-bit sum, exact, becomes f32 and is multiplied by
///   (row scale * column scale). All else stays f32.
/// Units: 1 + bytes / 8192 + steps + multiply-adds / 32768 + elements written / 512.
extern const kernel_definition nn_infer;

}  // namespace datagen::kernels
