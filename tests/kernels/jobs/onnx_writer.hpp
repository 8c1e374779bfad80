#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace datagen::kernels::testing {

/// Writes ONNX models field by field (onnx.proto3), apart from the kernels' reader.
class wire_writer {
public:
  wire_writer& number(std::uint32_t field, std::uint64_t value) {
    varint(std::uint64_t{field} << 3);
    varint(value);
    return *this;
  }
  wire_writer& text(std::uint32_t field, const std::string& bytes) {
    varint(std::uint64_t{field} << 3 | 2);
    varint(bytes.size());
    bytes_ += bytes;
    return *this;
  }
  wire_writer& real(std::uint32_t field, float value) {
    varint(std::uint64_t{field} << 3 | 5);
    char raw[4];
    std::memcpy(raw, &value, 4);
    bytes_.append(raw, 4);
    return *this;
  }
  wire_writer& message(std::uint32_t field, const wire_writer& inner) {
    return text(field, inner.bytes_);
  }
  const std::string& bytes() const { return bytes_; }

private:
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
      bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }
  std::string bytes_;
};

/// A model under construction: one graph, values named by the caller.
class onnx_writer {
public:
  using shape = std::vector<std::uint64_t>;

  void initializer(const std::string& name, const shape& sides, const std::vector<float>& data) {
    raw_tensor(name, sides, 1, data.data(), data.size() * 4);
  }
  void initializer(const std::string& name, const shape& sides,
                   const std::vector<std::int64_t>& data) {
    raw_tensor(name, sides, 7, data.data(), data.size() * 8);
  }
  /// Attributes: AttributeProto messages, made by integer() and the like.
  void node(const std::string& op, const std::vector<std::string>& inputs,
            const std::string& output, const std::vector<wire_writer>& attributes = {}) {
    wire_writer n;
    for (const auto& input : inputs)
      n.text(1, input);
    n.text(2, output).text(3, output + "_node").text(4, op);
    for (const auto& attribute : attributes)
      n.message(5, attribute);
    graph_.message(1, n);
  }
  static wire_writer integer(const std::string& name, std::int64_t value) {
    return wire_writer().text(1, name).number(3, static_cast<std::uint64_t>(value)).number(20, 2);
  }
  static wire_writer real(const std::string& name, float value) {
    return wire_writer().text(1, name).real(2, value).number(20, 1);
  }
  static wire_writer integers(const std::string& name, const std::vector<std::int64_t>& values) {
    wire_writer out;
    out.text(1, name);
    for (std::int64_t value : values)
      out.number(8, static_cast<std::uint64_t>(value));
    return out.number(20, 7);
  }
  /// @param sides -1 for a free dimension
  void input(const std::string& name, int type, const std::vector<std::int64_t>& sides) {
    value(11, name, type, sides);
  }
  void output(const std::string& name) { value(12, name, 1, {}); }

  std::string model(std::uint64_t opset = 17) const {
    return wire_writer()
      .number(1, 8)
      .text(2, "datagen tests")
      .message(7, graph_)
      .message(8, wire_writer().text(1, "").number(2, opset))
      .bytes();
  }

private:
  void raw_tensor(const std::string& name, const shape& sides, std::uint64_t type, const void* data,
                  std::size_t size) {
    wire_writer t;
    for (std::uint64_t side : sides)
      t.number(1, side);
    t.number(2, type).text(8, name).text(
      9, size == 0 ? "" : std::string(static_cast<const char*>(data), size));
    graph_.message(5, t);
  }
  void value(std::uint32_t field, const std::string& name, int type,
             const std::vector<std::int64_t>& sides) {
    wire_writer tensor_type, dims;
    for (std::int64_t side : sides) {
      wire_writer dim;
      if (side >= 0)
        dim.number(1, static_cast<std::uint64_t>(side));
      else
        dim.text(2, "any");
      dims.message(1, dim);
    }
    tensor_type.number(1, static_cast<std::uint64_t>(type));
    if (!sides.empty())
      tensor_type.message(2, dims);
    graph_.message(field,
                   wire_writer().text(1, name).message(2, wire_writer().message(1, tensor_type)));
  }
  wire_writer graph_;
};

}  // namespace datagen::kernels::testing
