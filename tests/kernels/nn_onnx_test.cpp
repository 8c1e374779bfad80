#include <string>

#include "jobs/nn_infer_job.hpp"
#include "support.hpp"

using namespace datagen::kernels::testing;

namespace {

std::string refused(const bytes& input, std::string_view params = {}) {
  const auto result = run_cpu("nn.infer", params, input);
  CHECK(result.output.empty());
  return std::to_string(result.exit_status) + ": " + result.message;
}

bytes job(const std::string& model, const bytes& array = npy_floats({1, 2}, "(1, 2)")) {
  bytes out = array;
  out.insert(out.end(), model.begin(), model.end());
  return out;
}

/// A model of one node over the input x (any, any) and the weights w (2, 2), b (2), i (1) of i64.
std::string one_node(const std::string& op, const std::vector<std::string>& inputs,
                     const std::vector<wire_writer>& attributes = {}, std::uint64_t opset = 17) {
  onnx_writer model;
  model.initializer("w", {2, 2}, std::vector<float>{1, 2, 3, 4});
  model.initializer("b", {2}, std::vector<float>{1, 2});
  model.initializer("i", {1}, std::vector<std::int64_t>{5});
  model.input("x", 1, {-1, 2});
  model.node(op, inputs, "y", attributes);
  model.output("y");
  return model.model(opset);
}

std::string refused_node(const std::string& op, const std::vector<std::string>& inputs,
                         const std::vector<wire_writer>& attributes = {}) {
  return refused(job(one_node(op, inputs, attributes)));
}

}  // namespace

TEST_CASE("nn.infer: operators and attributes that are not on the list are refused by name") {
  CHECK(refused_node("Conv", {"x", "w"})
          .starts_with("2: ONNX node Conv 'y_node': this operator is not supported, supported are "
                       "Add, Constant, "));
  CHECK(refused_node("MatMul", {"x", "w"}, {onnx_writer::integer("fast", 1)}) ==
        "2: ONNX node MatMul 'y_node': attribute 'fast' is not supported");
  CHECK(refused_node("Gemm", {"x", "w"}, {onnx_writer::real("alpha", 0.5f)}) ==
        "2: ONNX node Gemm 'y_node': alpha is not 1");
  CHECK(refused_node("Softmax", {"x"}, {onnx_writer::integer("axis", 0)}) ==
        "2: ONNX node Softmax 'y_node': only the last axis is supported");
  CHECK(refused_node("Gather", {"w", "i"}, {onnx_writer::integer("axis", 1)}) ==
        "2: ONNX node Gather 'y_node': only axis 0 of a tensor is supported");
  for (std::uint64_t opset : {12u, 18u, 0u})
    CHECK(refused(job(one_node("Relu", {"x"}, {}, opset))) ==
          "2: ONNX operator set is " + std::to_string(opset) + ", expected 13 to 17");
}

TEST_CASE("nn.infer: operands of a wrong name, type, shape or value are refused by what is wrong") {
  CHECK(refused_node("Add", {"x", "z"}) ==
        "2: ONNX node Add 'y_node': reads 'z', which nothing before it makes");
  CHECK(refused_node("Add", {"x"}) == "2: ONNX node Add 'y_node': operand 1 is missing");
  CHECK(refused_node("Add", {"x", "i"}) ==
        "2: ONNX node Add 'y_node': 'i' is INT64, expected FLOAT");
  CHECK(refused_node("MatMul", {"w", "b"}) ==
        "2: ONNX node MatMul 'y_node': shapes (2, 2) and (2,) are no matrices with one inner size "
        "and equal leading dimensions");
  CHECK(refused_node("Gather", {"w", "i"}) ==
        "2: ONNX node Gather 'y_node': index 5 is outside the 2 rows of 'w'");
  CHECK(refused_node("Reshape", {"w", "i"}) ==
        "2: ONNX node Reshape 'y_node': its shape (5,) does not hold the 4 numbers");
  CHECK(refused_node("Transpose", {"w"}, {onnx_writer::integers("perm", {0, 0})}) ==
        "2: ONNX node Transpose 'y_node': perm is no order of 2 axes");
  CHECK(refused_node("LayerNormalization", {"x", "w"}) ==
        "2: ONNX node LayerNormalization 'y_node': scale or bias does not have the shape (2,)");
  CHECK(refused(job(one_node("Add", {"x", "b"}), npy_floats({1, 2, 3}, "(1, 3)"))) ==
        "2: input 'x' has shape (1, 3), the model wants (any, 2)");
  const std::int64_t whole[] = {1, 2};
  CHECK(refused(job(one_node("Add", {"x", "b"}), npy_file("<i8", "(1, 2)", whole, 16))) ==
        "2: input 'x' is '<i8', the model wants type 1, '<f4'");
  CHECK(refused(job(one_node("Add", {"x", "b"}), {})) ==
        "2: the model's input 'x' has no .npy before the model");
}

TEST_CASE("nn.infer: files that are no model, or hold what is not read, are refused") {
  CHECK(refused({}) == "2: no ONNX model follows the .npy tensors");
  CHECK(refused(from_text("\xff\xff")) == "2: ONNX ModelProto is malformed Protocol Buffers");
  CHECK(refused(job(wire_writer().number(1, 8).bytes())) ==
        "2: ONNX operator set is 0, expected 13 to 17");
  const auto with_tensor = [](const wire_writer& tensor) {
    return from_text(wire_writer()
                       .message(7, wire_writer().message(5, tensor))
                       .message(8, wire_writer().number(2, 17))
                       .bytes());
  };
  const auto shaped = [](std::uint64_t side, std::uint64_t type) {
    return wire_writer().text(8, "t").number(1, side).number(2, type);
  };
  CHECK(refused(with_tensor(shaped(2, 10))) ==
        "2: tensor 't' has element type 10, expected 1 (FLOAT) or 7 (INT64)");
  CHECK(refused(with_tensor(shaped(2, 1).text(9, "12345678901"))) ==
        "2: tensor 't' holds 2 numbers, its shape needs 2");
  CHECK(refused(with_tensor(shaped(3, 1).text(9, "12345678"))) ==
        "2: tensor 't' holds 2 numbers, its shape needs 3");
  CHECK(refused(with_tensor(shaped(1u << 29, 1))).starts_with("3: tensor 't' with dimension"));
  CHECK(refused(with_tensor(shaped(1, 1).message(13, wire_writer()))) ==
        "2: tensor 't' has external data, save the model whole");
  CHECK(refused(job(one_node("Relu", {"x"})), "precision=f16") ==
        "1: parameter 'precision' is 'f16', expected one of f32|w8a8");
}

TEST_CASE("nn.infer: a graph whose results outgrow the limits is refused before it costs memory") {
  onnx_writer model;
  model.initializer("column", {65536, 1}, std::vector<float>(65536));
  model.initializer("row", {1, 8192}, std::vector<float>(8192));
  model.input("x", 1, {});
  model.node("Add", {"column", "row"}, "y");
  model.output("y");
  CHECK(refused(job(model.model())) ==
        "2: ONNX node Add 'y_node': its result (65536, 8192) is larger than 268435456 numbers");
}

TEST_CASE("nn.infer: no cut and no changed byte of a job makes the reader leave its bytes") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  const auto whole = random_nn_infer_job(6);
  for (std::size_t size = 0; size < whole.input.size(); size += 1 + size / 50) {
    const bytes cut(whole.input.begin(), whole.input.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(run_cpu("nn.infer", whole.params, cut, 1).comparable());
  }
  for (int i = 0; i < 1500; ++i) {
    const auto job = random_nn_infer_job(random.below(50));
    if (job.input.size() > 20000)
      continue;
    bytes damaged = job.input;
    for (int change = 0; change < 3; ++change)
      damaged[random.below(damaged.size())] = static_cast<std::uint8_t>(random.next());
    const auto result = run_cpu("nn.infer", job.params, damaged, 1);
    CHECK(result.comparable());
    CHECK(result.output == run_cpu("nn.infer", job.params, damaged, 1, true).output);
  }
}
