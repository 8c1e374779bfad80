/// The operators of `nn.infer`: what each accepts and what it becomes. Semantics and names are
/// those of the ONNX operator specification, operator sets 13 to 17.
#include <algorithm>
#include <iterator>

#include "planner.hpp"

namespace datagen::kernels::nn {
namespace {

std::string pair_text(const dimensions& a, const dimensions& b) {
  return shape_text(a) + " and " + shape_text(b);
}

/// Multidirectional broadcasting: trailing dimensions are equal or one of them is 1.
bool broadcast_shape(const dimensions& a, const dimensions& b, dimensions& out) {
  out.assign(std::max(a.size(), b.size()), 1);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::uint64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1)
      return false;
    out[out.size() - 1 - i] = x == 1 ? y : x;
  }
  return true;
}

failure add_pair(planner& to, const node& n, operation what, std::uint32_t a, std::uint32_t b,
                 std::uint32_t& made) {
  dimensions shape;
  if (!broadcast_shape(to.at(a).shape, to.at(b).shape, shape))
    return to.refuse(
      n, "shapes " + pair_text(to.at(a).shape, to.at(b).shape) + " cannot be broadcast");
  return to.compute(n, {.what = what, .a = a, .b = b}, shape, made);
}

failure binary(planner& to, const node& n, operation what) {
  std::uint32_t a = 0, b = 0, made = 0;
  if (auto bad = to.only(n, {}))
    return bad;
  if (auto bad = to.operand(n, 0, element::f32, a))
    return bad;
  if (auto bad = to.operand(n, 1, element::f32, b))
    return bad;
  if (auto bad = add_pair(to, n, what, a, b, made))
    return bad;
  return to.name(n, made);
}

failure unary(planner& to, const node& n, operation what) {
  std::uint32_t a = 0, made = 0;
  if (auto bad = to.only(n, {}))
    return bad;
  if (auto bad = to.operand(n, 0, element::f32, a))
    return bad;
  if (auto bad = to.compute(n, {.what = what, .a = a}, to.at(a).shape, made))
    return bad;
  return to.name(n, made);
}

failure add_product(planner& to, const node& n, std::uint32_t a, std::uint32_t b,
                    std::uint32_t& made) {
  const dimensions& x = to.at(a).shape;
  const dimensions& y = to.at(b).shape;
  const bool ranks = x.size() >= 2 && (y.size() == 2 || y.size() == x.size());
  const bool leading = ranks && (y.size() == 2 || std::equal(x.begin(), x.end() - 2, y.begin()));
  if (!leading || x.back() != y[y.size() - 2])
    return to.refuse(n, "shapes " + pair_text(x, y) +
                          " are no matrices with one inner size and equal leading dimensions");
  dimensions shape = x;
  shape.back() = y.back();
  return to.compute(n, {.what = operation::matrix_product, .a = a, .b = b}, shape, made);
}

failure mat_mul(planner& to, const node& n, operation) {
  std::uint32_t a = 0, b = 0, made = 0;
  if (auto bad = to.only(n, {}))
    return bad;
  if (auto bad = to.operand(n, 0, element::f32, a))
    return bad;
  if (auto bad = to.operand(n, 1, element::f32, b))
    return bad;
  if (auto bad = add_product(to, n, a, b, made))
    return bad;
  return to.name(n, made);
}

failure transpose_matrix(planner& to, const node& n, const char* attribute_name,
                         std::uint32_t& index) {
  const attribute* wish = to.find(n, attribute_name);
  const dimensions shape = to.at(index).shape;
  if (shape.size() != 2)
    return to.refuse(n, "operand " + shape_text(shape) + " is no matrix");
  if (wish == nullptr || wish->integer == 0)
    return {};
  return to.compute(n, {.what = operation::transpose, .a = index, .order = {1, 0}},
                    {shape[1], shape[0]}, index);
}

/// alpha * A' * B' + beta * C, only with alpha = beta = 1, as exporters write it.
failure gemm(planner& to, const node& n, operation) {
  std::uint32_t a = 0, b = 0, made = 0;
  if (auto bad = to.only(n, {"alpha", "beta", "transA", "transB"}))
    return bad;
  for (const char* factor : {"alpha", "beta"})
    if (const attribute* x = to.find(n, factor); x != nullptr && x->real != 1.0f)
      return to.refuse(n, std::string(factor) + " is not 1");
  if (auto bad = to.operand(n, 0, element::f32, a))
    return bad;
  if (auto bad = to.operand(n, 1, element::f32, b))
    return bad;
  if (auto bad = transpose_matrix(to, n, "transA", a))
    return bad;
  if (auto bad = transpose_matrix(to, n, "transB", b))
    return bad;
  if (auto bad = add_product(to, n, a, b, made))
    return bad;
  if (n.inputs.size() > 2 && !n.inputs[2].empty()) {
    std::uint32_t c = 0;
    const dimensions shape = to.at(made).shape;
    if (auto bad = to.operand(n, 2, element::f32, c))
      return bad;
    if (auto bad = add_pair(to, n, operation::add, made, c, made))
      return bad;
    if (to.at(made).shape != shape)
      return to.refuse(
        n, "C " + shape_text(to.at(c).shape) + " is larger than the product " + shape_text(shape));
  }
  return to.name(n, made);
}

/// True when the attribute names the last axis, or is absent.
bool is_last_axis(const planner& to, const node& n, std::size_t rank) {
  const attribute* axis = to.find(n, "axis");
  return rank > 0 && (axis == nullptr || axis->integer == -1 ||
                      axis->integer == static_cast<std::int64_t>(rank) - 1);
}

failure softmax(planner& to, const node& n, operation) {
  std::uint32_t a = 0, made = 0;
  if (auto bad = to.only(n, {"axis"}))
    return bad;
  if (auto bad = to.operand(n, 0, element::f32, a))
    return bad;
  if (!is_last_axis(to, n, to.at(a).shape.size()))
    return to.refuse(n, "only the last axis is supported");
  if (auto bad = to.compute(n, {.what = operation::softmax, .a = a}, to.at(a).shape, made))
    return bad;
  return to.name(n, made);
}

failure layer_normalization(planner& to, const node& n, operation) {
  step s{.what = operation::layer_norm, .epsilon = 1e-5f};
  if (auto bad = to.only(n, {"axis", "epsilon", "stash_type"}))
    return bad;
  if (auto bad = to.operand(n, 0, element::f32, s.a))
    return bad;
  if (auto bad = to.operand(n, 1, element::f32, s.b))
    return bad;
  if (n.inputs.size() > 2 && !n.inputs[2].empty())
    if (auto bad = to.operand(n, 2, element::f32, s.c))
      return bad;
  const dimensions& shape = to.at(s.a).shape;
  if (!is_last_axis(to, n, shape.size()))
    return to.refuse(n, "only the last axis is supported");
  const dimensions width = {shape.back()};
  if (to.at(s.b).shape != width || (s.c != no_value && to.at(s.c).shape != width))
    return to.refuse(n, "scale or bias does not have the shape " + shape_text(width));
  if (const attribute* epsilon = to.find(n, "epsilon"))
    s.epsilon = epsilon->real;
  std::uint32_t made = 0;
  if (auto bad = to.compute(n, s, shape, made))
    return bad;
  return to.name(n, made);
}

failure gather(planner& to, const node& n, operation) {
  step s{.what = operation::gather};
  std::uint32_t indices = 0;
  if (auto bad = to.only(n, {"axis"}))
    return bad;
  if (auto bad = to.operand(n, 0, element::f32, s.a))
    return bad;
  if (auto bad = to.operand(n, 1, element::i64, indices))
    return bad;
  const attribute* axis = to.find(n, "axis");
  const dimensions& data = to.at(s.a).shape;
  if (data.empty() || (axis != nullptr && axis->integer != 0))
    return to.refuse(n, "only axis 0 of a tensor is supported");
  const auto rows = static_cast<std::int64_t>(data[0]);
  for (std::int64_t index : to.at(indices).integers) {
    if (index < -rows || index >= rows)
      return to.refuse(n, "index " + std::to_string(index) + " is outside the " +
                            std::to_string(rows) + " rows of '" + n.inputs[0] + "'");
    s.rows.push_back(static_cast<std::uint32_t>(index < 0 ? index + rows : index));
  }
  dimensions shape = to.at(indices).shape;
  shape.insert(shape.end(), data.begin() + 1, data.end());
  if (shape.size() > rank_max)
    return to.refuse(n, "its result has more than " + std::to_string(rank_max) + " dimensions");
  std::uint32_t made = 0;
  if (auto bad = to.compute(n, s, shape, made))
    return bad;
  return to.name(n, made);
}

failure transpose(planner& to, const node& n, operation) {
  step s{.what = operation::transpose};
  if (auto bad = to.only(n, {"perm"}))
    return bad;
  if (auto bad = to.operand(n, 0, element::f32, s.a))
    return bad;
  const dimensions from = to.at(s.a).shape;
  const attribute* order = to.find(n, "perm");
  std::vector<bool> used(from.size());
  dimensions shape;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::int64_t axis = order == nullptr ? static_cast<std::int64_t>(from.size() - 1 - i)
                              : i < order->integers.size() ? order->integers[i]
                                                           : -1;
    if (axis < 0 || axis >= static_cast<std::int64_t>(from.size()) ||
        used[static_cast<std::size_t>(axis)])
      return to.refuse(n, "perm is no order of " + std::to_string(from.size()) + " axes");
    used[static_cast<std::size_t>(axis)] = true;
    s.order.push_back(static_cast<std::uint32_t>(axis));
    shape.push_back(from[static_cast<std::size_t>(axis)]);
  }
  if (order != nullptr && order->integers.size() != from.size())
    return to.refuse(n, "perm is no order of " + std::to_string(from.size()) + " axes");
  std::uint32_t made = 0;
  if (auto bad = to.compute(n, s, shape, made))
    return bad;
  return to.name(n, made);
}

/// 0 copies a dimension, -1 takes what is left.
failure reshape(planner& to, const node& n, operation) {
  std::uint32_t a = 0, wish = 0;
  if (auto bad = to.only(n, {"allowzero"}))
    return bad;
  if (const attribute* x = to.find(n, "allowzero"); x != nullptr && x->integer != 0)
    return to.refuse(n, "allowzero is not 0");
  if (auto bad = to.operand(n, 0, element::f32, a))
    return bad;
  if (auto bad = to.operand(n, 1, element::i64, wish))
    return bad;
  const dimensions from = to.at(a).shape;
  const std::vector<std::int64_t>& sides = to.at(wish).integers;
  if (sides.size() > rank_max)
    return to.refuse(n, "more than 6 dimensions are wanted");
  const std::uint64_t count = count_of(from);
  dimensions shape;
  std::uint64_t known = 1;
  std::size_t open = sides.size();
  for (std::size_t i = 0; i < sides.size(); ++i) {
    std::uint64_t side = sides[i] < 0 ? 1 : static_cast<std::uint64_t>(sides[i]);
    if (sides[i] == 0)
      side = i < from.size() ? from[i] : memory_floats_max + 1;
    if (sides[i] == -1 && open == sides.size())
      open = i;
    else if (sides[i] < 0)
      return to.refuse(n, "its shape has a second -1 or another negative side");
    if (side > memory_floats_max || known * side > memory_floats_max)
      return to.refuse(n, "its shape does not hold the " + std::to_string(count) + " numbers");
    known *= side;
    shape.push_back(side);
  }
  if (open < sides.size() && known > 0)
    shape[open] = count / known;
  if (count_of(shape) != count)
    return to.refuse(n, "its shape " + shape_text(shape) + " does not hold the " +
                          std::to_string(count) + " numbers");
  return to.name(n, to.view(a, shape));
}

failure flatten(planner& to, const node& n, operation) {
  std::uint32_t a = 0;
  if (auto bad = to.only(n, {"axis"}))
    return bad;
  if (auto bad = to.operand(n, 0, element::f32, a))
    return bad;
  const attribute* wish = to.find(n, "axis");
  const dimensions from = to.at(a).shape;
  const auto rank = static_cast<std::int64_t>(from.size());
  std::int64_t axis = wish == nullptr ? 1 : wish->integer;
  if (axis < -rank || axis > rank)
    return to.refuse(n, "axis is outside the tensor");
  if (axis < 0)
    axis += rank;
  const auto middle = from.begin() + static_cast<std::ptrdiff_t>(axis);
  return to.name(n, to.view(a, {count_of({from.begin(), middle}), count_of({middle, from.end()})}));
}

failure identity(planner& to, const node& n, operation) {
  std::uint32_t a = 0;
  if (auto bad = to.only(n, {}))
    return bad;
  if (auto bad = to.operand(n, 0, element::f32, a))
    return bad;
  return to.name(n, to.view(a, to.at(a).shape));
}

failure constant(planner& to, const node& n, operation) {
  const attribute* x = to.find(n, "value");
  if (auto bad = to.only(n, {"value"}))
    return bad;
  if (x == nullptr || !x->has_tensor)
    return to.refuse(n, "has no tensor 'value'");
  std::uint32_t made = 0;
  if (auto bad = to.add_constant(x->value, made))
    return bad;
  return to.name(n, made);
}

struct rule {
  std::string_view name;
  failure (*add)(planner&, const node&, operation);
  operation what;
};

constexpr rule rules[] = {
  {"Add", binary, operation::add},
  {"Constant", constant, {}},
  {"Div", binary, operation::divide},
  {"Erf", unary, operation::erf},
  {"Flatten", flatten, {}},
  {"Gather", gather, {}},
  {"Gemm", gemm, {}},
  {"Identity", identity, {}},
  {"LayerNormalization", layer_normalization, {}},
  {"MatMul", mat_mul, {}},
  {"Mul", binary, operation::multiply},
  {"Relu", unary, operation::relu},
  {"Reshape", reshape, {}},
  {"Sigmoid", unary, operation::sigmoid},
  {"Softmax", softmax, {}},
  {"Sqrt", unary, operation::square_root},
  {"Sub", binary, operation::subtract},
  {"Tanh", unary, operation::tanh},
  {"Transpose", transpose, {}},
};

}  // namespace

failure add_operator(planner& to, const node& n) {
  for (const rule& x : rules)
    if (n.op == x.name)
      return x.add(to, n, x.what);
  std::string known;
  for (const rule& x : rules)
    known += (known.empty() ? "" : ", ") + std::string(x.name);
  return to.refuse(n, "this operator is not supported, supported are " + known);
}

}  // namespace datagen::kernels::nn
