#include "onnx.hpp"

#include <cstring>

#include "protobuf.hpp"

namespace datagen::kernels::nn {
namespace {

constexpr std::uint64_t elements_max = std::uint64_t{1} << 28;

failure malformed(const std::string& message) {
  return bad_input("ONNX " + message + " is malformed Protocol Buffers");
}

failure read_text(const wire_field& field, std::string& out) {
  if (field.type != 2)
    return malformed("text");
  if (field.bytes.size() > name_bytes_max)
    return over_limit("an ONNX name", field.bytes.size(), name_bytes_max, "bytes");
  out = field.text();
  return {};
}

failure append_text(const wire_field& field, std::vector<std::string>& out) {
  if (out.size() == operands_max)
    return over_limit("a node", out.size() + 1, operands_max, "inputs or outputs");
  out.emplace_back();
  return read_text(field, out.back());
}

/// Runs `f(field)` over a message; the first failure ends it.
template <class Function>
failure for_each_field(std::span<const std::uint8_t> bytes, const char* what, Function f) {
  wire_reader reader(bytes);
  for (wire_field field; reader.next(field);)
    if (auto bad = f(field))
      return bad;
  return reader.whole() ? failure{} : malformed(what);
}

/// What a TensorProto holds before its shape is known.
struct raw_tensor {
  std::int64_t type = 0;
  std::vector<std::int64_t> shape, integers;
  std::span<const std::uint8_t> raw, floats;
  bool has_raw = false;
};

failure read_fields(std::span<const std::uint8_t> bytes, tensor& out, raw_tensor& x) {
  return for_each_field(bytes, "TensorProto", [&](const wire_field& field) -> failure {
    switch (field.number) {
      case 1:
        return append_integers(field, x.shape) ? failure{} : malformed("dims");
      case 2:
        x.type = static_cast<std::int64_t>(field.value);
        return {};
      case 4:
        if (!x.floats.empty())
          return malformed("float_data, twice, which");
        x.floats = field.bytes;
        return {};
      case 7:
        return append_integers(field, x.integers) ? failure{} : malformed("int64_data");
      case 8:
        return read_text(field, out.name);
      case 9:
        x.raw = field.bytes;
        x.has_raw = true;
        return {};
      case 13:
        return bad_input("tensor '" + out.name + "' has external data, save the model whole");
      default:
        return {};
    }
  });
}

failure read_shape(const raw_tensor& x, tensor& out) {
  if (x.shape.size() > rank_max)
    return over_limit("rank of tensor '" + out.name + "'", x.shape.size(), rank_max, "dimensions");
  std::uint64_t count = 1;
  for (std::int64_t side : x.shape) {
    if (side < 0)
      return bad_input("tensor '" + out.name + "' has the dimension " + std::to_string(side));
    const auto unsigned_side = static_cast<std::uint64_t>(side);
    if (unsigned_side > elements_max || count * unsigned_side > elements_max)
      return over_limit("tensor '" + out.name + "' with dimension " + std::to_string(side),
                        unsigned_side, elements_max, "elements");
    count *= unsigned_side;
    out.shape.push_back(unsigned_side);
  }
  return {};
}

failure read_tensor(std::span<const std::uint8_t> bytes, tensor& out) {
  raw_tensor x;
  if (auto bad = read_fields(bytes, out, x))
    return bad;
  if (x.type != 1 && x.type != 7)
    return bad_input("tensor '" + out.name + "' has element type " + std::to_string(x.type) +
                     ", expected 1 (FLOAT) or 7 (INT64)");
  out.type = static_cast<element>(x.type);
  if (auto bad = read_shape(x, out))
    return bad;
  const std::uint64_t count = count_of(out.shape);
  const bool real = out.type == element::f32;
  const std::span<const std::uint8_t> data = x.has_raw ? x.raw : x.floats;
  const std::uint64_t found = x.has_raw || real ? data.size() / (real ? 4 : 8) : x.integers.size();
  if (found != count || (x.has_raw || real ? data.size() % (real ? 4 : 8) : 0) != 0)
    return bad_input("tensor '" + out.name + "' holds " + std::to_string(found) +
                     " numbers, its shape needs " + std::to_string(count));
  if (real) {
    out.floats = data;
  } else if (x.has_raw) {
    out.integers.resize(count);
    if (count > 0)
      std::memcpy(out.integers.data(), data.data(), data.size());
  } else {
    out.integers = std::move(x.integers);
  }
  return {};
}

failure read_attribute(std::span<const std::uint8_t> bytes, attribute& out) {
  return for_each_field(bytes, "AttributeProto", [&](const wire_field& field) -> failure {
    switch (field.number) {
      case 1:
        return read_text(field, out.name);
      case 2: {
        const auto bits = static_cast<std::uint32_t>(field.value);
        std::memcpy(&out.real, &bits, 4);
        return {};
      }
      case 3:
        out.integer = static_cast<std::int64_t>(field.value);
        return {};
      case 5:
        if (out.has_tensor)
          return malformed("attribute with two tensors, which");
        out.has_tensor = true;
        return read_tensor(field.bytes, out.value);
      case 8:
        return append_integers(field, out.integers) ? failure{} : malformed("ints");
      case 6:
      case 11:
        return bad_input("attribute '" + out.name + "' holds a graph, which is not supported");
      default:
        return {};
    }
  });
}

failure read_node(std::span<const std::uint8_t> bytes, node& out) {
  return for_each_field(bytes, "NodeProto", [&](const wire_field& field) -> failure {
    switch (field.number) {
      case 1:
        return append_text(field, out.inputs);
      case 2:
        return append_text(field, out.outputs);
      case 3:
        return read_text(field, out.name);
      case 4:
        return read_text(field, out.op);
      case 5:
        if (out.attributes.size() == 16)
          return over_limit("node '" + out.name + "'", 17, 16, "attributes");
        return read_attribute(field.bytes, out.attributes.emplace_back());
      case 7:
        return read_text(field, out.domain);
      default:
        return {};
    }
  });
}

failure read_dimension(std::span<const std::uint8_t> bytes, std::vector<std::int64_t>& shape) {
  shape.push_back(-1);
  if (shape.size() > rank_max)
    return over_limit("a value", shape.size(), rank_max, "dimensions");
  return for_each_field(bytes, "dimension", [&](const wire_field& field) -> failure {
    if (field.number == 1)
      shape.back() = static_cast<std::int64_t>(field.value);
    return {};
  });
}

/// TypeProto.tensor_type: 1 elem_type, 2 shape (1 dim, repeated).
failure read_tensor_type(std::span<const std::uint8_t> bytes, value_info& out) {
  return for_each_field(bytes, "tensor type", [&](const wire_field& field) -> failure {
    if (field.number == 1)
      out.type = static_cast<std::int64_t>(field.value);
    if (field.number != 2)
      return {};
    out.has_shape = true;
    return for_each_field(field.bytes, "shape", [&](const wire_field& dim) -> failure {
      return dim.number == 1 ? read_dimension(dim.bytes, out.shape) : failure{};
    });
  });
}

failure read_value(std::span<const std::uint8_t> bytes, value_info& out) {
  return for_each_field(bytes, "ValueInfoProto", [&](const wire_field& field) -> failure {
    if (field.number == 1)
      return read_text(field, out.name);
    if (field.number != 2)
      return {};
    return for_each_field(field.bytes, "TypeProto", [&](const wire_field& type) -> failure {
      return type.number == 1 ? read_tensor_type(type.bytes, out) : failure{};
    });
  });
}

failure read_values(const wire_field& field, std::vector<value_info>& out) {
  if (out.size() == tensors_max)
    return over_limit("a graph", out.size() + 1, tensors_max, "inputs or outputs");
  return read_value(field.bytes, out.emplace_back());
}

failure read_graph(std::span<const std::uint8_t> bytes, model& out) {
  return for_each_field(bytes, "GraphProto", [&](const wire_field& field) -> failure {
    switch (field.number) {
      case 1:
        if (out.nodes.size() == nodes_max)
          return over_limit("the graph", nodes_max + 1, nodes_max, "nodes");
        return read_node(field.bytes, out.nodes.emplace_back());
      case 5:
        if (out.initializers.size() == tensors_max)
          return over_limit("the graph", tensors_max + 1, tensors_max, "initializers");
        return read_tensor(field.bytes, out.initializers.emplace_back());
      case 11:
        return read_values(field, out.inputs);
      case 12:
        return read_values(field, out.outputs);
      case 15:
        return bad_input("the graph has sparse initializers, which are not supported");
      default:
        return {};
    }
  });
}

/// OperatorSetIdProto: 1 domain, 2 version.
failure read_opset(std::span<const std::uint8_t> bytes, model& out) {
  std::string domain;
  std::int64_t version = 0;
  auto bad = for_each_field(bytes, "opset_import", [&](const wire_field& field) -> failure {
    if (field.number == 1)
      return read_text(field, domain);
    if (field.number == 2)
      version = static_cast<std::int64_t>(field.value);
    return {};
  });
  if (!bad && (domain.empty() || domain == "ai.onnx"))
    out.opset = version;
  return bad;
}

}  // namespace

std::uint64_t count_of(const dimensions& shape) {
  std::uint64_t count = 1;
  for (std::uint64_t side : shape)
    count *= side;
  return count;
}

failure read_model(std::span<const std::uint8_t> bytes, model& out) {
  if (bytes.empty())
    return bad_input("no ONNX model follows the .npy tensors");
  bool seen = false;
  return for_each_field(bytes, "ModelProto", [&](const wire_field& field) -> failure {
    if (field.number == 8)
      return read_opset(field.bytes, out);
    if (field.number != 7)
      return {};
    if (seen)
      return malformed("model with two graphs, which");
    seen = true;
    return read_graph(field.bytes, out);
  });
}

}  // namespace datagen::kernels::nn
