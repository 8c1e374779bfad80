#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../failure.hpp"

/// The part of ONNX (onnx.proto3, IR version 3 and later) that `nn.infer` reads.
namespace datagen::kernels::nn {

inline constexpr std::size_t nodes_max = 4096;
inline constexpr std::size_t tensors_max = 8192;  ///< initializers
inline constexpr std::size_t rank_max = 6;
inline constexpr std::size_t operands_max = 8;  ///< inputs of one node
inline constexpr std::size_t name_bytes_max = 512;

enum class element : std::uint8_t { f32 = 1, i64 = 7 };  ///< TensorProto.DataType

using dimensions = std::vector<std::uint64_t>;

/// Numbers of a shape's product; shapes are checked to stay far below 2^63.
std::uint64_t count_of(const dimensions& shape);

struct tensor {
  std::string name;
  element type = element::f32;
  dimensions shape;
  std::span<const std::uint8_t> floats;  ///< of f32: the model's own bytes, not aligned
  std::vector<std::int64_t> integers;    ///< of i64
};

struct attribute {
  std::string name;
  float real = 0;
  std::int64_t integer = 0;
  std::vector<std::int64_t> integers;
  bool has_tensor = false;
  tensor value;
};

struct node {
  std::string op, name, domain;
  std::vector<std::string> inputs, outputs;
  std::vector<attribute> attributes;
};

struct value_info {
  std::string name;
  std::int64_t type = 0;            ///< TensorProto.DataType, 0 where the model does not say
  std::vector<std::int64_t> shape;  ///< -1 for a dimension with a name or none
  bool has_shape = false;
};

struct model {
  std::int64_t opset = 0;  ///< of the default domain
  std::vector<node> nodes;
  std::vector<tensor> initializers;
  std::vector<value_info> inputs, outputs;
};

/// Reads a serialized ModelProto. Unknown fields are skipped as Protocol Buffers ask; what would
/// change the answer (external data, sparse tensors, other element types) is refused by name.
/// @pre the bytes outlive the model
failure read_model(std::span<const std::uint8_t> bytes, model& out);

}  // namespace datagen::kernels::nn
