#pragma once

#include <functional>
#include <map>

#include "npy_file.hpp"
#include "onnx_writer.hpp"
#include "random_floats.hpp"
#include "random_job.hpp"

namespace datagen::kernels::testing {

/// A tensor of a test's graph, with its numbers where they are known before the run.
struct graph_tensor {
  std::vector<std::uint64_t> shape;
  std::vector<float> data;
};

/// A node as a test's own interpreter reads it.
struct graph_node {
  std::string op;
  std::vector<std::string> inputs;
  std::string output;
  std::vector<std::uint64_t> integers = {};  ///< perm, shape or row indices
  bool transpose_b = false;
};

/// A graph, its weights and one input "x", kept beside the ONNX bytes made from them.
struct nn_case {
  std::map<std::string, graph_tensor> tensors;
  std::vector<std::string> weights;  ///< names of the initializers
  std::vector<graph_node> nodes;
  std::string output;
  bool w8a8 = false;

  std::string params() const { return w8a8 ? "precision=w8a8" : "precision=f32"; }
  std::vector<std::uint8_t> input() const;
};

inline std::string tuple_text(const std::vector<std::uint64_t>& shape) {
  std::string out;
  for (std::uint64_t side : shape)
    out += std::to_string(side) + ", ";
  return "(" + out + ")";
}

inline std::string onnx_of(const nn_case& x) {
  onnx_writer model;
  for (const auto& name : x.weights)
    model.initializer(name, x.tensors.at(name).shape, x.tensors.at(name).data);
  model.input("x", 1, std::vector<std::int64_t>(x.tensors.at("x").shape.size(), -1));
  for (const graph_node& n : x.nodes) {
    const std::vector<std::int64_t> numbers(n.integers.begin(), n.integers.end());
    std::vector<wire_writer> attributes;
    auto inputs = n.inputs;
    if (n.op == "Transpose")
      attributes.push_back(onnx_writer::integers("perm", numbers));
    if (n.op == "Softmax")
      attributes.push_back(onnx_writer::integer("axis", -1));
    if (n.op == "LayerNormalization")
      attributes.push_back(onnx_writer::real("epsilon", 1e-3f));
    if (n.op == "Gemm" && n.transpose_b)
      attributes.push_back(onnx_writer::integer("transB", 1));
    if (n.op == "Reshape" || n.op == "Gather") {
      inputs.push_back(n.output + "_numbers");
      model.initializer(inputs.back(), {numbers.size()}, numbers);
    }
    model.node(n.op, inputs, n.output, attributes);
  }
  model.output(x.output);
  return model.model();
}

inline std::vector<std::uint8_t> nn_case::input() const {
  const graph_tensor& in = tensors.at("x");
  std::vector<std::uint8_t> out = npy_floats(in.data, tuple_text(in.shape));
  const std::string model = onnx_of(*this);
  out.insert(out.end(), model.begin(), model.end());
  return out;
}

/// Builds random graphs: a matrix flows through random operators, sometimes through attention.
class nn_case_builder {
public:
  nn_case_builder(random_source& random, float_kind kind) : random_(random), kind_(kind) {}

  nn_case build() {
    rows_ = 1 + random_.below(random_.below(4) == 0 ? 40 : 9);
    width_ = 1 + random_.below(random_.below(6) == 0 ? 1200 : 70);
    tensor("x", {rows_, width_});
    last_ = "x";
    const std::uint64_t layers = 1 + random_.below(6);
    for (std::uint64_t i = 0; i < layers; ++i)
      add_layer();
    case_.output = last_;
    case_.w8a8 = random_.below(3) == 0;
    return case_;
  }

private:
  std::string fresh() { return "v" + std::to_string(++names_); }
  void tensor(const std::string& name, std::vector<std::uint64_t> shape) {
    std::uint64_t count = 1;
    for (std::uint64_t side : shape)
      count *= side;
    std::vector<float> data(count);
    for (float& value : data)
      value = some_float(random_, kind_);
    case_.tensors[name] = {std::move(shape), std::move(data)};
  }
  std::string weight(std::vector<std::uint64_t> shape) {
    const std::string name = fresh();
    tensor(name, std::move(shape));
    case_.weights.push_back(name);
    return name;
  }
  std::string node(const std::string& op, std::vector<std::string> inputs,
                   std::vector<std::uint64_t> integers = {}, bool transpose_b = false) {
    const std::string name = fresh();
    case_.nodes.push_back({op, std::move(inputs), name, std::move(integers), transpose_b});
    return last_ = name;
  }
  void add_product() {
    const std::uint64_t next = 1 + random_.below(90);
    if (random_.below(2) == 0) {
      node("MatMul", {last_, weight({width_, next})});
    } else {
      const bool turned = random_.below(2) == 0;
      node("Gemm",
           {last_, turned ? weight({next, width_}) : weight({width_, next}),
            random_.below(2) == 0 ? weight({next}) : weight({rows_, 1})},
           {}, turned);
    }
    width_ = next;
  }
  void add_pair() {
    static constexpr const char* ops[] = {"Add", "Sub", "Mul", "Div"};
    const std::vector<std::uint64_t> shapes[] = {{}, {width_}, {rows_, width_}, {rows_, 1}, {1, 1}};
    const std::string other = weight(shapes[random_.below(5)]);
    if (random_.below(2) == 0)
      node(ops[random_.below(4)], {last_, other});
    else
      node(ops[random_.below(4)], {other, last_});
  }
  /// x (rows, width) seen as heads: softmax(x x^T) x, a product of computed operands.
  void add_attention() {
    const std::string x = node("Reshape", {last_}, {1, rows_, width_});
    const std::string turned = node("Transpose", {x}, {0, 2, 1});
    const std::string scores = node("Softmax", {node("MatMul", {x, turned})});
    node("MatMul", {scores, x});
    node("Reshape", {last_}, {rows_, width_});
  }
  void add_gather() {
    std::vector<std::uint64_t> chosen(1 + random_.below(6));
    for (auto& row : chosen)
      row = random_.below(rows_);
    node("Gather", {last_}, chosen);
    rows_ = chosen.size();
  }
  void add_layer() {
    static constexpr const char* singles[] = {"Relu", "Erf", "Sigmoid", "Sqrt", "Tanh"};
    switch (random_.below(9)) {
      case 0:
      case 1:
      case 2:
        return add_product();
      case 3:
        return add_pair();
      case 4:
        return add_attention();
      case 5:
        return add_gather();
      case 6:
        node("Softmax", {last_});
        return;
      case 7:
        node("LayerNormalization",
             random_.below(2) == 0
               ? std::vector<std::string>{last_, weight({width_})}
               : std::vector<std::string>{last_, weight({width_}), weight({width_})});
        return;
      default:
        node(singles[random_.below(5)], {last_});
        return;
    }
  }

  random_source& random_;
  float_kind kind_;
  nn_case case_;
  std::string last_;
  std::uint64_t rows_ = 1, width_ = 1, names_ = 0;
};

inline random_job random_nn_infer_job(std::uint64_t seed) {
  random_source random(seed);
  const auto kind = static_cast<float_kind>(random.below(3));
  const nn_case x = nn_case_builder(random, kind).build();
  return {x.params(), x.input()};
}

}  // namespace datagen::kernels::testing
