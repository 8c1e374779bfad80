#pragma once

#include "functions.hpp"
#include "plan.hpp"

/// The arithmetic of each step, the same source for every device.
namespace datagen::kernels::nn {

inline constexpr std::uint32_t product_chunk = 512;  ///< profile rule 3
inline constexpr std::uint32_t lanes = 32;           ///< of dot-like reductions, profile rule 3

/// Folds 32 lanes by the fixed tree 16, 8, 4, 2, 1.
template <class Fold>
DATAGEN_HD float fold_lanes(float (&lane)[lanes], Fold fold) {
  for (std::uint32_t half = lanes / 2; half > 0; half /= 2)
    for (std::uint32_t l = 0; l < half; ++l)
      lane[l] = fold(lane[l], lane[l + half]);
  return lane[0];
}

/// Runs `f(lane, index)` for every index below `count`, lane = index mod 32.
template <class Function>
DATAGEN_HD void for_each_lane(std::uint64_t count, Function f) {
  std::uint64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (std::uint32_t l = 0; l < lanes; ++l)
      f(l, i + l);
  for (std::uint32_t l = 0; i < count; ++l, ++i)
    f(l, i);
}

struct sum_of {
  DATAGEN_HD float operator()(float a, float b) const { return a + b; }
};
struct greatest_of {
  DATAGEN_HD float operator()(float a, float b) const { return a > b ? a : b; }
};

/// Softmax of row `row`.
struct softmax_row {
  const float* in;
  float* out;
  std::uint64_t width;

  DATAGEN_HD void operator()(std::uint64_t row) const {
    const float* const x = in + row * width;
    float* const y = out + row * width;
    float high[lanes], sum[lanes] = {};
    for (float& lane : high)
      lane = -bits_as<float>(std::uint32_t{0x7f800000});
    for_each_lane(
      width, [&](std::uint32_t l, std::uint64_t i) { high[l] = high[l] > x[i] ? high[l] : x[i]; });
    const float largest = fold_lanes(high, greatest_of{});
    for (std::uint64_t i = 0; i < width; ++i)
      y[i] = exponential(x[i] - largest);
    for_each_lane(width, [&](std::uint32_t l, std::uint64_t i) { sum[l] = sum[l] + y[i]; });
    const float total = fold_lanes(sum, sum_of{});
    for (std::uint64_t i = 0; i < width; ++i)
      y[i] = y[i] / total;
  }
};

/// Layer normalization of row `row`.
struct layer_norm_row {
  const float* in;
  const float* scale;
  const float* bias;  // may be null
  float* out;
  std::uint64_t width;
  float epsilon;

  DATAGEN_HD void operator()(std::uint64_t row) const {
    const float* const x = in + row * width;
    float* const y = out + row * width;
    float sum[lanes] = {}, squares[lanes] = {};
    for_each_lane(width, [&](std::uint32_t l, std::uint64_t i) { sum[l] = sum[l] + x[i]; });
    const auto count = static_cast<float>(width);
    const float mean = fold_lanes(sum, sum_of{}) / count;
    for_each_lane(width, [&](std::uint32_t l, std::uint64_t i) {
      const float d = x[i] - mean;
      squares[l] = fused(d, d, squares[l]);
    });
    const float variance = fold_lanes(squares, sum_of{}) / count;
    const float inverse = 1.0f / square_root(variance + epsilon);
    for (std::uint64_t i = 0; i < width; ++i)
      y[i] = fused((x[i] - mean) * inverse, scale[i], bias != nullptr ? bias[i] : 0.0f);
  }
};

/// Row `row` of a gathered tensor.
struct gather_row {
  const float* in;
  const std::uint32_t* rows;
  float* out;
  std::uint64_t width;

  DATAGEN_HD void operator()(std::uint64_t row) const {
    for (std::uint64_t i = 0; i < width; ++i)
      out[row * width + i] = in[rows[row] * width + i];
  }
};

/// Where the elements of one or two operands lie for each element of a result.
struct strides {
  std::uint32_t rank = 0;
  std::uint64_t shape[rank_max] = {};
  std::uint64_t a[rank_max] = {}, b[rank_max] = {};

  /// Offsets of row `row`, all axes but the last counted as rows.
  DATAGEN_HD void offsets(std::uint64_t row, std::uint64_t& at_a, std::uint64_t& at_b) const {
    at_a = at_b = 0;
    for (std::uint32_t axis = rank - 1; axis-- > 0; row /= shape[axis]) {
      at_a += row % shape[axis] * a[axis];
      at_b += row % shape[axis] * b[axis];
    }
  }
};

struct add_two {
  DATAGEN_HD float operator()(float a, float b) const { return a + b; }
};
struct subtract_two {
  DATAGEN_HD float operator()(float a, float b) const { return a - b; }
};
struct multiply_two {
  DATAGEN_HD float operator()(float a, float b) const { return a * b; }
};
struct divide_two {
  DATAGEN_HD float operator()(float a, float b) const { return a / b; }
};
/// A copy of the first operand: a transpose.
struct first_of_two {
  DATAGEN_HD float operator()(float a, float) const { return a; }
};

/// Row `row` of an element by element result of two broadcast operands.
template <class Operation>
struct pair_row {
  strides s;
  const float* a;
  const float* b;
  float* out;

  DATAGEN_HD void operator()(std::uint64_t row) const {
    const std::uint64_t width = s.shape[s.rank - 1];
    const std::uint64_t step_a = s.a[s.rank - 1], step_b = s.b[s.rank - 1];
    std::uint64_t at_a = 0, at_b = 0;
    s.offsets(row, at_a, at_b);
    const float* const x = a + at_a;
    const float* const y = b + at_b;
    float* const z = out + row * width;
    const Operation f;
    if (step_a == 1 && step_b == 1)
      for (std::uint64_t i = 0; i < width; ++i)
        z[i] = f(x[i], y[i]);
    else
      for (std::uint64_t i = 0; i < width; ++i)
        z[i] = f(x[i * step_a], y[i * step_b]);
  }
};

struct relu_of {
  DATAGEN_HD float operator()(float x) const { return x < 0.0f ? 0.0f : x; }
};
struct erf_of {
  DATAGEN_HD float operator()(float x) const { return error_function(x); }
};
struct logistic_of {
  DATAGEN_HD float operator()(float x) const { return logistic(x); }
};
struct square_root_of {
  DATAGEN_HD float operator()(float x) const { return kernels::square_root(x); }
};
struct tanh_of {
  DATAGEN_HD float operator()(float x) const { return hyperbolic_tangent(x); }
};

/// `block` elements of a result of one operand.
template <class Operation>
struct single_block {
  const float* in;
  float* out;
  std::uint64_t count, block;

  DATAGEN_HD void operator()(std::uint64_t item) const {
    const std::uint64_t end = least(count, (item + 1) * block);
    const Operation f;
    for (std::uint64_t i = item * block; i < end; ++i)
      out[i] = f(in[i]);
  }
};

/// One element of a product, exactly as rule 3 reads. Faster paths must agree bit for bit.
struct product_element {
  product_shape p;
  const float* a;  // (count, m, k)
  const float* b;  // (count, k, n)
  float* out;      // (count, m, n)

  DATAGEN_HD void operator()(std::uint64_t index) const {
    const std::uint64_t column = index % p.n, row = index / p.n;
    const float* const x = a + row * p.k;
    const float* const y = b + row / p.m * p.k * p.n + column;
    float total = 0;
    for (std::uint64_t k0 = 0; k0 < p.k; k0 += product_chunk) {
      float sum = 0;
      for (std::uint64_t i = k0; i < p.k && i < k0 + product_chunk; ++i)
        sum = fused(x[i], y[i * p.n], sum);
      total = k0 == 0 ? sum : total + sum;
    }
    out[index] = total;
  }
};

/// `value` / `scale` as an integer in [-127, 127], ties to even.
DATAGEN_HD inline std::int16_t quantised(float value, float scale) {
  float x = scale > 0.0f ? value / scale : 0.0f;
  x = x < 127.0f ? x : 127.0f;
  x = x > -127.0f ? x : -127.0f;
  constexpr float shift = 0x1.8p23f;
  return static_cast<std::int16_t>((x + shift) - shift);
}

/// |value|, or 0 for a NaN, which does not count.
DATAGEN_HD inline float size_of(float value) {
  return greatest(value < 0.0f ? -value : value, 0.0f);
}

/// Quantises row `row` of the left operand.
struct quantise_row {
  const float* in;  // (m, k)
  std::uint64_t k;
  std::int16_t* out;  // (m, k); 16 bits, so that one instruction multiplies and adds two
  float* scales;

  DATAGEN_HD void operator()(std::uint64_t row) const {
    const float* const x = in + row * k;
    float largest = 0;
    for (std::uint64_t i = 0; i < k; ++i)
      largest = greatest(size_of(x[i]), largest);
    const float scale = largest / 127.0f;
    for (std::uint64_t i = 0; i < k; ++i)
      out[row * k + i] = quantised(x[i], scale);
    scales[row] = scale;
  }
};

inline constexpr std::uint64_t quantised_columns_max = 16;

/// Quantises `block` columns of the right operand and turns them, so that a dot product reads
/// along.
struct quantise_columns {
  const float* in;  // (k, n)
  std::uint64_t k, n, block;
  std::int16_t* out;  // (n, k)
  float* scales;

  DATAGEN_HD void operator()(std::uint64_t item) const {
    const std::uint64_t first = item * block, count = least(block, n - first);
    float scale[quantised_columns_max] = {};
    for (std::uint64_t i = 0; i < k; ++i)
      for (std::uint64_t l = 0; l < count; ++l)
        scale[l] = greatest(size_of(in[i * n + first + l]), scale[l]);
    for (std::uint64_t l = 0; l < count; ++l)
      scales[first + l] = scale[l] = scale[l] / 127.0f;
    for (std::uint64_t i = 0; i < k; ++i)
      for (std::uint64_t l = 0; l < count; ++l)
        out[(first + l) * k + i] = quantised(in[i * n + first + l], scale[l]);
  }
};

/// A block of a product of quantised operands; integer sums, so any order is the same.
struct integer_product_block {
  const std::int16_t* a;  // (m, k)
  const std::int16_t* b;  // (n, k)
  const float* a_scales;
  const float* b_scales;
  std::uint64_t m, k, n, rows, columns;  // of a block the last two
  float* out;                            // (m, n)

  DATAGEN_HD void operator()(std::uint64_t item) const {
    const std::uint64_t across = (n + columns - 1) / columns;
    const std::uint64_t row0 = item / across * rows, column0 = item % across * columns;
    for (std::uint64_t column = column0; column < least(n, column0 + columns); ++column)
      for (std::uint64_t row = row0; row < least(m, row0 + rows); ++row) {
        const std::int16_t* const x = a + row * k;
        const std::int16_t* const y = b + column * k;
        std::int32_t sum = 0;
        for (std::uint64_t i = 0; i < k; ++i)
          sum += std::int32_t{x[i]} * y[i];
        out[row * n + column] = static_cast<float>(sum) * (a_scales[row] * b_scales[column]);
      }
  }
};

}  // namespace datagen::kernels::nn
