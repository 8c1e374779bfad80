#include "plan.hpp"

#include <algorithm>
#include <cstring>

#include "planner.hpp"

namespace datagen::kernels::nn {

failure planner::refuse(const node& n, const std::string& why) {
  return bad_input("ONNX node " + n.op + (n.name.empty() ? "" : " '" + n.name + "'") + ": " + why);
}

failure planner::reserve(value& v) {
  v.offset = plan_.floats;
  plan_.floats += count_of(v.shape);
  if (plan_.floats > memory_floats_max)
    return over_limit("memory of all tensors", plan_.floats, memory_floats_max, "numbers");
  return {};
}

failure planner::add_value(const std::string& name, std::uint32_t index) {
  if (!names_.emplace(name, index).second)
    return bad_input("two ONNX values have the name '" + name + "'");
  return {};
}

failure planner::add_constant(const tensor& t, std::uint32_t& made) {
  value v{t.type, t.shape, 0, true, nullptr, t.integers};
  if (t.type == element::f32)
    v.source = t.floats.data();
  if (t.type == element::f32)
    if (auto bad = reserve(v))
      return bad;
  plan_.values.push_back(std::move(v));
  made = static_cast<std::uint32_t>(plan_.values.size() - 1);
  return {};
}

failure planner::add_initializers() {
  for (const tensor& t : model_.initializers) {
    std::uint32_t index = 0;
    if (auto bad = add_constant(t, index))
      return bad;
    if (auto bad = add_value(t.name, index))
      return bad;
  }
  return {};
}

namespace {

failure check_input(const value_info& wanted, const npy_array& found) {
  const char* type = wanted.type == 1 ? "<f4" : wanted.type == 7 ? "<i8" : "";
  if (found.type != type)
    return bad_input("input '" + wanted.name + "' is '" + found.type + "', the model wants type " +
                     std::to_string(wanted.type) + (*type ? std::string(", '") + type + "'" : ""));
  bool same = !wanted.has_shape || wanted.shape.size() == found.shape.size();
  for (std::size_t i = 0; same && wanted.has_shape && i < found.shape.size(); ++i)
    same = wanted.shape[i] < 0 || static_cast<std::uint64_t>(wanted.shape[i]) == found.shape[i];
  if (same && found.shape.size() <= rank_max)
    return {};
  std::string shape;
  for (std::int64_t side : wanted.shape)
    shape += (shape.empty() ? "" : ", ") + (side < 0 ? "any" : std::to_string(side));
  return bad_input("input '" + wanted.name + "' has shape " + shape_text(found.shape) +
                   ", the model wants (" + shape + ")");
}

}  // namespace

failure planner::add_inputs(std::span<const npy_array> inputs) {
  std::size_t used = 0;
  for (const value_info& wanted : model_.inputs) {
    if (names_.contains(wanted.name))
      continue;  // IR 3: initializers may be listed as inputs
    if (used == inputs.size())
      return bad_input("the model's input '" + wanted.name + "' has no .npy before the model");
    const npy_array& array = inputs[used++];
    if (auto bad = check_input(wanted, array))
      return bad;
    value v{
      element::f32, {array.shape.begin(), array.shape.end()}, 0, false, array.data.data(), {}};
    if (wanted.type == 7) {
      v.type = element::i64;
      v.integers.resize(array.data.size() / 8);
      if (!v.integers.empty())
        std::memcpy(v.integers.data(), array.data.data(), array.data.size());
    } else if (auto bad = reserve(v)) {
      return bad;
    }
    plan_.values.push_back(std::move(v));
    const auto index = static_cast<std::uint32_t>(plan_.values.size() - 1);
    if (auto bad = add_value(wanted.name, index))
      return bad;
  }
  if (used != inputs.size())
    return bad_input("the model has " + std::to_string(used) + " inputs, but " +
                     std::to_string(inputs.size()) + " .npy arrays precede it");
  return {};
}

failure planner::operand(const node& n, std::size_t index, element type,
                         std::uint32_t& found) const {
  if (index >= n.inputs.size() || n.inputs[index].empty())
    return refuse(n, "operand " + std::to_string(index) + " is missing");
  const auto at = names_.find(n.inputs[index]);
  if (at == names_.end())
    return refuse(n, "reads '" + n.inputs[index] + "', which nothing before it makes");
  found = at->second;
  if (plan_.values[found].type != type)
    return refuse(n, "'" + n.inputs[index] + "' is " +
                       (type == element::f32 ? "INT64, expected FLOAT" : "FLOAT, expected INT64"));
  return {};
}

const attribute* planner::find(const node& n, std::string_view name) {
  for (const attribute& x : n.attributes)
    if (x.name == name)
      return &x;
  return nullptr;
}

failure planner::only(const node& n, std::initializer_list<std::string_view> known) {
  for (const attribute& x : n.attributes)
    if (std::find(known.begin(), known.end(), x.name) == known.end())
      return refuse(n, "attribute '" + x.name + "' is not supported");
  return {};
}

failure planner::compute(const node& n, step s, const dimensions& shape, std::uint32_t& made) {
  std::uint64_t count = 1;
  for (std::uint64_t side : shape) {  // each side is at most 2^28, so the product fits
    count *= side;
    if (side > memory_floats_max || count > memory_floats_max)
      return refuse(n, "its result " + shape_text(shape) + " is larger than " +
                         std::to_string(memory_floats_max) + " numbers");
  }
  // A turned weight is still a weight, so that w8a8 covers Gemm with transB, as exporters write it.
  const bool constant = s.what == operation::transpose && plan_.values[s.a].constant;
  value v{element::f32, shape, 0, constant, nullptr, {}};
  if (auto bad = reserve(v))
    return bad;
  plan_.visits += count;
  if (plan_.visits > visits_max)
    return over_limit("work", plan_.visits, visits_max, "elements");
  plan_.values.push_back(std::move(v));
  made = s.out = static_cast<std::uint32_t>(plan_.values.size() - 1);
  plan_.steps.push_back(std::move(s));
  if (plan_.steps.back().what == operation::matrix_product) {
    const product_shape p = plan_.product_of(plan_.steps.back());
    plan_.multiply_adds += p.count * p.m * p.n * p.k;
    if (p.k > memory_floats_max || plan_.multiply_adds > multiply_adds_max)
      return over_limit("work", plan_.multiply_adds, multiply_adds_max, "multiply-adds");
  }
  return {};
}

failure planner::name(const node& n, std::uint32_t index) {
  if (n.outputs.empty() || n.outputs[0].empty())
    return refuse(n, "has no output");
  for (std::size_t i = 1; i < n.outputs.size(); ++i)
    if (!n.outputs[i].empty())
      return refuse(n, "only its first output is supported");
  return add_value(n.outputs[0], index);
}

std::uint32_t planner::view(std::uint32_t index, dimensions shape) {
  value v = plan_.values[index];
  v.shape = std::move(shape);
  plan_.values.push_back(std::move(v));
  return static_cast<std::uint32_t>(plan_.values.size() - 1);
}

failure planner::add_nodes() {
  for (const node& n : model_.nodes) {
    if (!n.domain.empty() && n.domain != "ai.onnx")
      return refuse(n, "operators of the domain '" + n.domain + "' are not supported");
    if (auto bad = add_operator(*this, n))
      return bad;
  }
  return {};
}

failure planner::add_outputs() {
  for (const value_info& wanted : model_.outputs) {
    const auto at = names_.find(wanted.name);
    if (at == names_.end())
      return bad_input("nothing makes the output '" + wanted.name + "'");
    if (plan_.values[at->second].type != element::f32)
      return bad_input("output '" + wanted.name + "' is INT64, expected FLOAT");
    plan_.outputs.push_back(at->second);
  }
  return plan_.outputs.empty() ? bad_input("the model has no output") : failure{};
}

product_shape plan::product_of(const step& s) const {
  const dimensions& a = values[s.a].shape;
  const dimensions& b = values[s.b].shape;
  product_shape p;
  p.k = a.back();
  p.n = b.back();
  if (b.size() == 2) {
    p.m = count_of({a.begin(), a.end() - 1});
  } else {
    p.count = count_of({a.begin(), a.end() - 2});
    p.m = a[a.size() - 2];
  }
  return p;
}

failure make_plan(const model& model, std::span<const npy_array> inputs, plan& out) {
  if (model.opset < opset_min || model.opset > opset_max)
    return bad_input("ONNX operator set is " + std::to_string(model.opset) + ", expected " +
                     std::to_string(opset_min) + " to " + std::to_string(opset_max));
  planner to(model, out);
  if (auto bad = to.add_initializers())
    return bad;
  if (auto bad = to.add_inputs(inputs))
    return bad;
  if (auto bad = to.add_nodes())
    return bad;
  return to.add_outputs();
}

}  // namespace datagen::kernels::nn
