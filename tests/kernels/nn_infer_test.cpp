#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "jobs/nn_infer_job.hpp"
#include "kernels/nn/functions.hpp"
#include "support.hpp"

using namespace datagen::kernels::testing;
namespace nn = datagen::kernels::nn;

namespace {

std::uint64_t size_of(const graph_tensor& t) {
  std::uint64_t count = 1;
  for (std::uint64_t side : t.shape)
    count *= side;
  return count;
}

float reduced(const std::vector<float>& values, float start, float (*fold)(float, float),
              float (*add)(float, float)) {
  float lane[32];
  for (float& x : lane)
    x = start;
  for (std::size_t i = 0; i < values.size(); ++i)
    lane[i % 32] = add(lane[i % 32], values[i]);
  for (std::size_t half = 16; half > 0; half /= 2)
    for (std::size_t l = 0; l < half; ++l)
      lane[l] = fold(lane[l], lane[l + half]);
  return lane[0];
}

float plus(float a, float b) { return a + b; }
float larger(float a, float b) { return a > b ? a : b; }
float plus_square(float sum, float d) { return std::fmaf(d, d, sum); }

void softmax(std::vector<float>& row) {
  const float high = reduced(row, -HUGE_VALF, larger, larger);
  for (float& x : row)
    x = nn::exponential(x - high);
  const float sum = reduced(row, 0, plus, plus);
  for (float& x : row)
    x = x / sum;
}

void layer_norm(std::vector<float>& row, const std::vector<float>& scale,
                const std::vector<float>* bias) {
  const auto n = static_cast<float>(row.size());
  const float mean = reduced(row, 0, plus, plus) / n;
  for (float& x : row)
    x = x - mean;
  const float variance = reduced(row, 0, plus, plus_square) / n;
  const float inverse = 1.0f / std::sqrt(variance + 1e-3f);
  for (std::size_t i = 0; i < row.size(); ++i)
    row[i] = std::fmaf(row[i] * inverse, scale[i], bias != nullptr ? (*bias)[i] : 0.0f);
}

/// (count, m, k) * (count or 1, k, n)
graph_tensor product(const graph_tensor& a, const graph_tensor& b) {
  const std::uint64_t k = a.shape.back(), n = b.shape.back();
  graph_tensor out{a.shape, {}};
  out.shape.back() = n;
  const std::uint64_t rows = size_of(out) / n;
  const std::uint64_t matrix_rows = b.shape.size() == 2 ? rows : a.shape[a.shape.size() - 2];
  for (std::uint64_t row = 0; row < rows; ++row)
    for (std::uint64_t column = 0; column < n; ++column) {
      float total = 0;
      for (std::uint64_t k0 = 0; k0 < k; k0 += 512) {
        float sum = 0;
        for (std::uint64_t i = k0; i < std::min(k, k0 + 512); ++i)
          sum =
            std::fmaf(a.data[row * k + i], b.data[(row / matrix_rows * k + i) * n + column], sum);
        total = k0 == 0 ? sum : total + sum;
      }
      out.data.push_back(total);
    }
  return out;
}

int quantised(float x, float scale) {
  float v = scale > 0 ? x / scale : 0;
  if (std::isnan(v) || v > 127)
    v = 127;
  if (v < -127)
    v = -127;
  return static_cast<int>(std::nearbyint(v));
}

graph_tensor integer_product(const graph_tensor& a, const graph_tensor& b) {
  const std::uint64_t k = a.shape.back(), n = b.shape.back();
  graph_tensor out{a.shape, {}};
  out.shape.back() = n;
  const auto scale = [&](const graph_tensor& t, std::uint64_t first, std::uint64_t stride) {
    float largest = 0;
    for (std::uint64_t i = 0; i < k; ++i)
      if (std::fabs(t.data[first + i * stride]) > largest)
        largest = std::fabs(t.data[first + i * stride]);
    return largest / 127;
  };
  for (std::uint64_t row = 0; row < size_of(out) / n; ++row)
    for (std::uint64_t column = 0; column < n; ++column) {
      const float sa = scale(a, row * k, 1), sb = scale(b, column, n);
      std::int64_t sum = 0;
      for (std::uint64_t i = 0; i < k; ++i)
        sum += quantised(a.data[row * k + i], sa) * quantised(b.data[i * n + column], sb);
      out.data.push_back(static_cast<float>(sum) * (sa * sb));
    }
  return out;
}

graph_tensor paired(const graph_tensor& a, const graph_tensor& b, const std::string& op) {
  graph_tensor out;
  const std::size_t rank = std::max(a.shape.size(), b.shape.size());
  const auto side = [&](const graph_tensor& t, std::size_t axis) {
    const std::size_t missing = rank - t.shape.size();
    return axis < missing ? 1 : t.shape[axis - missing];
  };
  for (std::size_t axis = 0; axis < rank; ++axis)
    out.shape.push_back(side(a, axis) == 1 ? side(b, axis) : side(a, axis));
  for (std::uint64_t index = 0; index < size_of(out); ++index) {
    std::uint64_t at[2] = {0, 0}, rest = index, stride[2] = {1, 1};
    for (std::size_t axis = rank; axis-- > 0; rest /= out.shape[axis])
      for (int which = 0; which < 2; ++which) {
        const std::uint64_t length = side(which == 0 ? a : b, axis);
        if (length > 1)
          at[which] += rest % out.shape[axis] * stride[which];
        stride[which] *= length;
      }
    const float x = a.data[at[0]], y = b.data[at[1]];
    out.data.push_back(op == "Add" ? x + y : op == "Sub" ? x - y : op == "Mul" ? x * y : x / y);
  }
  return out;
}

graph_tensor transposed(const graph_tensor& a, const std::vector<std::uint64_t>& order) {
  graph_tensor out;
  for (std::uint64_t axis : order)
    out.shape.push_back(a.shape[axis]);
  for (std::uint64_t index = 0; index < size_of(out); ++index) {
    std::uint64_t place[8] = {}, rest = index, at = 0;
    for (std::size_t axis = order.size(); axis-- > 0; rest /= out.shape[axis])
      place[order[axis]] = rest % out.shape[axis];
    for (std::size_t axis = 0; axis < a.shape.size(); ++axis)
      at = at * a.shape[axis] + place[axis];
    out.data.push_back(a.data[at]);
  }
  return out;
}

float single(const std::string& op, float x) {
  if (op == "Relu")
    return x < 0 ? 0 : x;
  if (op == "Erf")
    return nn::error_function(x);
  if (op == "Sigmoid")
    return nn::logistic(x);
  if (op == "Sqrt")
    return std::sqrt(x);
  return nn::hyperbolic_tangent(x);
}

/// One node, read from the test's own description of the graph.
graph_tensor interpreted(const nn_case& x, const graph_node& n,
                         std::map<std::string, graph_tensor>& values) {
  graph_tensor a = values.at(n.inputs[0]);
  const auto operand = [&](std::size_t i) -> const graph_tensor& { return values.at(n.inputs[i]); };
  const bool weight = n.inputs.size() > 1 && x.tensors.contains(n.inputs[1]);
  if (n.op == "MatMul" || n.op == "Gemm") {
    const graph_tensor b = n.transpose_b ? transposed(operand(1), {1, 0}) : operand(1);
    a = x.w8a8 && weight ? integer_product(a, b) : product(a, b);
    return n.inputs.size() > 2 ? paired(a, operand(2), "Add") : a;
  }
  if (n.op == "Add" || n.op == "Sub" || n.op == "Mul" || n.op == "Div")
    return paired(a, operand(1), n.op);
  if (n.op == "Transpose")
    return transposed(a, n.integers);
  if (n.op == "Reshape")
    return {n.integers, a.data};
  const std::uint64_t width = a.shape.back();
  if (n.op == "Gather") {
    graph_tensor out{{n.integers.size(), width}, {}};
    for (std::uint64_t row : n.integers)
      for (std::uint64_t i = 0; i < width; ++i)
        out.data.push_back(a.data[row * width + i]);
    return out;
  }
  if (n.op != "Softmax" && n.op != "LayerNormalization") {
    for (float& value : a.data)
      value = single(n.op, value);
    return a;
  }
  for (std::uint64_t first = 0; first < a.data.size(); first += width) {
    const auto begin = a.data.begin() + static_cast<std::ptrdiff_t>(first);
    std::vector<float> row(begin, begin + static_cast<std::ptrdiff_t>(width));
    if (n.op == "Softmax")
      softmax(row);
    else
      layer_norm(row, operand(1).data, n.inputs.size() > 2 ? &operand(2).data : nullptr);
    std::copy(row.begin(), row.end(), begin);
  }
  return a;
}

bytes reference_answer(const nn_case& x) {
  auto values = x.tensors;
  for (const graph_node& n : x.nodes)
    values[n.output] = interpreted(x, n, values);
  graph_tensor out = values.at(x.output);
  const std::uint32_t quiet = 0x7fc00000;
  for (float& value : out.data)
    if (std::isnan(value))
      std::memcpy(&value, &quiet, 4);
  return npy_floats(out.data, tuple_text(out.shape).replace(tuple_text(out.shape).size() - 3,
                                                            out.shape.size() == 1 ? 1 : 2, ""));
}

bytes answer(const nn_case& x, std::uint32_t threads = 2, bool portable = false) {
  const auto result = run_cpu("nn.infer", x.params(), x.input(), threads, portable);
  CHECK_MESSAGE(result.ok(), result.message);
  return result.output.copy();
}

}  // namespace

TEST_CASE("nn.infer: a small network that one can do by hand") {
  nn_case x;
  x.tensors["x"] = {{1, 2}, {1, 2}};
  x.tensors["w"] = {{2, 2}, {3, -4, 5, 1}};
  x.tensors["c"] = {{2}, {0.5f, 1}};
  x.weights = {"w", "c"};
  x.nodes = {{"Gemm", {"x", "w", "c"}, "h"}, {"Relu", {"h"}, "y"}};
  x.output = "y";
  CHECK(hex(answer(x)) == hex(npy_floats({13.5f, 0}, "(1, 2)")));
}

TEST_CASE("nn.infer: an output that is made early is not written over by later steps") {
  nn_case x;
  x.tensors["x"] = {{1, 2}, {1, -2}};
  x.nodes = {{"Relu", {"x"}, "y"}, {"Sigmoid", {"x"}, "s"}, {"Tanh", {"s"}, "t"}};
  x.output = "y";
  CHECK(hex(answer(x)) == hex(npy_floats({1, 0}, "(1, 2)")));
}

TEST_CASE("nn.infer: a weight that is both packed and added gives the plain interpreter's numbers") {
  random_source random(5);
  nn_case x;
  const auto drawn = [&](std::uint64_t rows) {
    graph_tensor t{{rows, 32}, {}};
    for (std::uint64_t i = 0; i < rows * 32; ++i)
      t.data.push_back(static_cast<float>(random.below(1000)) / 500.0f - 1.0f);
    return t;
  };
  x.tensors["x"] = drawn(32);
  x.tensors["w"] = drawn(32);
  x.weights = {"w"};
  x.nodes = {{"MatMul", {"x", "w"}, "p"}, {"Add", {"p", "w"}, "s"}, {"MatMul", {"s", "w"}, "y"}};
  x.output = "y";
  CHECK(answer(x) == reference_answer(x));
}

TEST_CASE("nn.infer: random graphs equal a plain interpreter bit for bit, for every thread count") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  for (int i = 0; i < 150; ++i) {
    const nn_case x = nn_case_builder(random, static_cast<float_kind>(i % 3)).build();
    CAPTURE(i);
    for (const graph_node& n : x.nodes)
      INFO(n.op);
    const auto expected = reference_answer(x);
    CHECK(answer(x, 1) == expected);
    CHECK(answer(x, i % 10 == 0 ? 16 : 3) == expected);
    CHECK(answer(x, 2, true) == expected);
    if (has_cuda())
      CHECK(run_cuda("nn.infer", x.params(), x.input()).output == expected);
  }
}

TEST_CASE("nn.infer: known answers, so that an old result still verifies") {
  bytes all, inputs;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto job = random_nn_infer_job(seed);
    const auto result = run_cpu("nn.infer", job.params, job.input);
    REQUIRE_MESSAGE(result.ok(), result.message);
    inputs.insert(inputs.end(), job.input.begin(), job.input.end());
    all.insert(all.end(), result.output.begin(), result.output.end());
  }
  CHECK(hex(sha256(inputs)) == "4c5d643d6ef266da72fba8eb8b9465a7989887e0875f57f836d08b343712a503");
  CHECK(hex(sha256(all)) == "9d2b10e4485a8b30e0e31c875d433d66ec5fc633554e181fe633604e9480324a");
}

TEST_CASE("nn.infer: input that does not start at an aligned address gives the same bytes") {
  const auto job = random_nn_infer_job(3);
  bytes shifted(job.input.size() + 3);
  std::copy(job.input.begin(), job.input.end(), shifted.begin() + 3);
  CHECK(run_cpu("nn.infer", job.params, std::span(shifted).subspan(3)).output ==
        run_cpu("nn.infer", job.params, job.input).output);
}

TEST_CASE("nn.infer: units are known before the run and count products and elements") {
  nn_case x;
  x.tensors["x"] = {{64, 128}, std::vector<float>(64 * 128)};
  x.tensors["w"] = {{128, 256}, std::vector<float>(128 * 256)};
  x.weights = {"w"};
  x.nodes = {{"MatMul", {"x", "w"}, "y"}};
  x.output = "y";
  const auto expected = 1 + x.input().size() / 8192 + 1 + 64 * 128 * 256 / 32768 + 64 * 256 / 512;
  CHECK(loaded().units({.kernel = "nn.infer", .params = {}, .input = x.input()}).units == expected);
  CHECK(run_cpu("nn.infer", "", x.input()).units == expected);
}

TEST_CASE("nn functions: within a few ulp of long double") {
  const auto ulps = [](float found, long double exact) {
    const float near = static_cast<float>(exact);
    const float ulp = std::nextafter(std::fabs(near), HUGE_VALF) - std::fabs(near);
    return static_cast<double>(std::fabs(static_cast<long double>(found) - exact) / ulp);
  };
  random_source random(test_seed());
  double worst[4] = {};
  for (int i = 0; i < 200000; ++i) {
    const float x = some_float(random, float_kind::plain);
    const auto near_ulps = [&](int which, float found, long double exact) {
      worst[which] = std::max(worst[which], ulps(found, exact));
    };
    near_ulps(0, nn::exponential(87 * x), std::exp(static_cast<long double>(87 * x)));
    near_ulps(1, nn::error_function(5 * x), std::erf(static_cast<long double>(5 * x)));
    near_ulps(2, nn::logistic(30 * x), 1 / (1 + std::exp(-static_cast<long double>(30 * x))));
    if (std::fabs(x) > 1e-4f)
      near_ulps(3, nn::hyperbolic_tangent(9 * x), std::tanh(static_cast<long double>(9 * x)));
  }
  CHECK(worst[0] < 1.5);
  CHECK(worst[1] < 0.51);
  CHECK(worst[2] < 0.51);
  CHECK(worst[3] < 0.51);
}
