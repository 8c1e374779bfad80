#pragma once

#include "plan.hpp"

namespace datagen::kernels::nn {

/// Turns nodes into steps, one after the other. The operators' rules are in operators.cpp.
class planner {
public:
  planner(const model& model, plan& out) : model_(model), plan_(out) {}

  failure add_initializers();
  failure add_inputs(std::span<const npy_array> inputs);
  failure add_nodes();
  failure add_outputs();

  // For the operators:
  /// A sentence about `n`, its operator and its name in front.
  static failure refuse(const node& n, const std::string& why);
  /// Operand `index` of `n`, which must be of `type`.
  failure operand(const node& n, std::size_t index, element type, std::uint32_t& found) const;
  const value& at(std::uint32_t index) const { return plan_.values[index]; }
  /// Refuses attributes other than `known`.
  static failure only(const node& n, std::initializer_list<std::string_view> known);
  static const attribute* find(const node& n, std::string_view name);
  /// Makes room for a computed f32 tensor.
  failure compute(const node& n, step s, const dimensions& shape, std::uint32_t& made);
  /// Names a value.
  failure name(const node& n, std::uint32_t index);
  /// Another shape for the same numbers.
  std::uint32_t view(std::uint32_t index, dimensions shape);
  failure add_constant(const tensor& t, std::uint32_t& made);

private:
  failure add_value(const std::string& name, std::uint32_t index);
  failure reserve(value& v);

  const model& model_;
  plan& plan_;
  std::map<std::string, std::uint32_t, std::less<>> names_;
};

/// Adds the steps of one node; refuses operators that are not on the list by name.
failure add_operator(planner& to, const node& n);

}  // namespace datagen::kernels::nn
