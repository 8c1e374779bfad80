#include "nn_infer.hpp"

#include <memory>
#include <string>

#include "launch.hpp"
#include "nn/layout.hpp"
#include "nn/steps.hpp"
#include "npy.hpp"
#include "params.hpp"
#if !defined(__CUDACC__)
#include "kept_memory.hpp"
#endif
#if !defined(__CUDACC__) && defined(__AVX2__)
#include "gemm_f32_cpu.hpp"
#define DATAGEN_NN_TILES 1
#endif

namespace datagen::kernels {
namespace {

using nn::operation;
using nn::plan;
using nn::product_shape;
using nn::step;
using nn::value;

constexpr std::uint64_t input_bytes_max = std::uint64_t{1} << 30;
constexpr std::uint64_t inputs_max = 16;
constexpr std::uint64_t integer_depth_max = 65536;  // 127 * 127 * this stays below 2^31
constexpr datagen_limit limits[] = {{"input", input_bytes_max, "bytes"},
                                    {"model inputs", inputs_max, "arrays"},
                                    {"nodes", nn::nodes_max, "nodes"},
                                    {"initializers", nn::tensors_max, "tensors"},
                                    {"rank", nn::rank_max, "dimensions"},
                                    {"all tensors", nn::memory_floats_max, "numbers"},
                                    {"multiply-adds", nn::multiply_adds_max, "multiply-adds"},
                                    {"elements written", nn::visits_max, "elements"},
                                    {"depth of a w8a8 product", integer_depth_max, "numbers"}};
using type = param_rule::type;
constexpr param_rule rules[] = {
  {.key = "precision", .kind = type::word, .fallback = "f32", .words = "f32|w8a8"}};

struct inference {
  bool integers = false;
  nn::model model;
  plan recipe;
};

/// True when step `s` is computed from 8-bit integers.
bool is_quantised(const inference& x, const step& s) {
  return x.integers && s.what == operation::matrix_product && x.recipe.values[s.b].constant &&
         x.recipe.values[s.b].shape.size() == 2;
}

failure parse(const work& work, inference& x) {
  param_values values;
  if (auto bad = parse_params(work.params, rules, values))
    return bad;
  x.integers = values.word("precision") == "w8a8";
  if (work.input.size() > input_bytes_max)
    return over_limit("input", work.input.size(), input_bytes_max, "bytes");
  std::span<const std::uint8_t> rest = work.input;
  std::vector<npy_array> inputs;
  while (starts_with_npy(rest)) {
    if (inputs.size() == inputs_max)
      return over_limit("input", inputs_max + 1, inputs_max, "arrays");
    if (auto bad = take_npy(rest, inputs.emplace_back()))
      return bad;
  }
  if (auto bad = nn::read_model(rest, x.model))
    return bad;
  if (auto bad = nn::make_plan(x.model, inputs, x.recipe))
    return bad;
  for (const step& s : x.recipe.steps)
    if (is_quantised(x, s) && x.recipe.product_of(s).k > integer_depth_max)
      return over_limit("depth of a w8a8 product", x.recipe.product_of(s).k, integer_depth_max,
                        "numbers");
  return {};
}

std::uint64_t units(const work& work, const inference& x) {
  return 1 + work.input.size() / 8192 + x.recipe.steps.size() + x.recipe.multiply_adds / 32768 +
         x.recipe.visits / 512;
}

#if defined(__CUDACC__)
constexpr std::uint64_t block_elements = 1;  // a thread each
constexpr std::uint64_t window = std::uint64_t{1} << 24;
#else
constexpr std::uint64_t block_elements = 1024;
constexpr std::uint64_t window = std::uint64_t{1} << 14;

/// 64 columns of one row of a product, all their chains side by side.
struct product_columns {
  static constexpr std::uint64_t width = 64;
  product_shape p;
  const float* a;
  const float* b;
  float* out;

  std::uint64_t blocks() const { return (p.n + width - 1) / width; }
  void operator()(std::uint64_t item) const {
    const std::uint64_t row = item / blocks(), first = item % blocks() * width;
    if (first + width <= p.n)
      columns<true>(row, first);
    else
      columns<false>(row, first);
  }

private:
  template <bool Whole>
  void columns(std::uint64_t row, std::uint64_t first) const {
    const std::uint64_t count = Whole ? width : p.n - first;
    const float* const x = a + row * p.k;
    const float* const y = b + row / p.m * p.k * p.n + first;
    float total[width] = {};
    for (std::uint64_t k0 = 0; k0 < p.k; k0 += nn::product_chunk) {
      const std::uint64_t end = least(p.k, k0 + nn::product_chunk);
      float sum[width] = {};
      for (std::uint64_t i = k0; i < end; ++i)
        for (std::uint64_t l = 0; l < count; ++l)
          sum[l] = fused(x[i], y[i * p.n + l], sum[l]);
      for (std::uint64_t l = 0; l < count; ++l)
        total[l] = k0 == 0 ? sum[l] : total[l] + sum[l];
    }
    memcpy(out + row * p.n + first, total, count * sizeof(float));
  }
};
#endif

/// True when step `s` is a product that gemm.f32's tiles compute.
bool is_tiled([[maybe_unused]] const inference& x, [[maybe_unused]] const step& s,
              [[maybe_unused]] bool portable) {
#if defined(DATAGEN_NN_TILES)
  if (portable || s.what != operation::matrix_product || is_quantised(x, s))
    return false;
  const product_shape p = x.recipe.product_of(s);
  return p.count == 1 && p.m >= panel_rows && p.k > 0 && p.n > 0;
#else
  return false;
#endif
}

/// Weights that only such products read: they pack them from where the model's bytes lie, so that
/// nobody copies them first.
std::vector<bool> read_in_place(const inference& x, bool portable) {
  const plan& recipe = x.recipe;
  std::vector<bool> packed(recipe.values.size()), used(recipe.values.size());
  for (const step& s : recipe.steps) {
    const bool tiled = is_tiled(x, s, portable);
    for (std::uint32_t index : {s.a, s.b, s.c})
      if (index != nn::no_value)
        (tiled && index == s.b ? packed : used)[index] = true;
    if (tiled && s.a == s.b)
      used[s.a] = true;
  }
  for (std::uint32_t index : recipe.outputs)
    used[index] = true;
  for (std::size_t i = 0; i < packed.size(); ++i)
    packed[i] = packed[i] && !used[i] && recipe.values[i].source != nullptr;
  return packed;
}

/// Puts initializers and inputs where the layout wants them.
void place_sources(const plan& recipe, const std::vector<bool>& in_place, const nn::layout& places,
                   float* memory) {
  for (std::size_t i = 0; i < recipe.values.size(); ++i) {
    const value& v = recipe.values[i];
    if (v.type == nn::element::f32 && v.source != nullptr && !in_place[i] &&
        nn::count_of(v.shape) > 0)
      memcpy(memory + places.offsets[i], v.source, nn::count_of(v.shape) * sizeof(float));
  }
}

#if defined(__CUDACC__)
/// The one memory of all tensors, on the device.
class graph_memory {
public:
  graph_memory(const plan& recipe, const std::vector<bool>& in_place, const nn::layout& places)
      : memory_(sources(recipe, in_place, places)) {}
  float* data() { return memory_.data(); }
  std::vector<float> values(std::uint64_t offset, std::uint64_t count) {
    std::vector<float> out(count);
    cudaMemcpy(out.data(), data() + offset, count * sizeof(float), cudaMemcpyDeviceToHost);
    return out;
  }

private:
  static std::vector<float> sources(const plan& recipe, const std::vector<bool>& in_place,
                                    const nn::layout& places) {
    std::vector<float> out(places.floats);
    place_sources(recipe, in_place, places, out.data());
    return out;
  }
  device_output<float> memory_;
};
#else
/// The one memory of all tensors; not cleared, as every value is written before it is read.
class graph_memory {
public:
  graph_memory(const plan& recipe, const std::vector<bool>& in_place, const nn::layout& places)
      : memory_(places.floats) {
    place_sources(recipe, in_place, places, memory_.data());
  }
  float* data() { return memory_.data(); }
  std::span<const float> values(std::uint64_t offset, std::uint64_t count) const {
    return {memory_.data() + offset, count};
  }

private:
  kept_memory<plan> memory_;
};
#endif

/// Runs a plan's steps in one memory.
class executor {
public:
  executor(const inference& x, const run_settings& settings)
      : x_(x), settings_(settings), threads_(settings.threads),
        in_place_(read_in_place(x, settings.portable)), places_(nn::lay_out(x.recipe, in_place_)),
        memory_(x.recipe, in_place_, places_) {
    settings_.progress = nullptr;
  }

  failure run(const step& s) {
    threads_for(s);
    return compute(s);
  }
  void append_output(std::uint32_t index, output_buffer& output);

private:
  float* at(std::uint32_t index) { return memory_.data() + places_.offsets[index]; }
  const nn::dimensions& shape(std::uint32_t index) const { return x_.recipe.values[index].shape; }
  std::uint64_t width(const step& s) const { return shape(s.out).back(); }
  std::uint64_t rows(const step& s) const {
    return width(s) == 0 ? 0 : nn::count_of(shape(s.out)) / width(s);
  }
  failure compute(const step& s);
  void threads_for(const step& s);
  failure product(const step& s);
  failure integer_product(const step& s);
  failure gather(const step& s);
  nn::strides strides_of(const step& s) const;
  template <class Operation>
  failure pairs(const step& s);
  template <class Operation>
  failure singles(const step& s);

  const inference& x_;
  run_settings settings_;
  std::uint32_t threads_;
  std::vector<bool> in_place_;
  nn::layout places_;
  graph_memory memory_;
};

failure executor::product(const step& s) {
  const product_shape p = x_.recipe.product_of(s);
  const std::uint64_t elements = p.count * p.m * p.n;
#if !defined(__CUDACC__)
#if defined(DATAGEN_NN_TILES)
  if (is_tiled(x_, s, settings_.portable)) {
    const std::uint8_t* right = in_place_[s.b] ? x_.recipe.values[s.b].source
                                               : reinterpret_cast<const std::uint8_t*>(at(s.b));
    return multiply_by_tiles(settings_,
                             {static_cast<std::uint32_t>(p.m), static_cast<std::uint32_t>(p.k),
                              static_cast<std::uint32_t>(p.n)},
                             reinterpret_cast<const std::uint8_t*>(at(s.a)), right, at(s.out));
  }
#endif
  if (!settings_.portable) {
    const product_columns f{p, at(s.a), at(s.b), at(s.out)};
    return launch(settings_, p.count * p.m * f.blocks(), window, f);
  }
#endif
  return launch(settings_, elements, window, nn::product_element{p, at(s.a), at(s.b), at(s.out)});
}

failure executor::integer_product(const step& s) {
  const product_shape p = x_.recipe.product_of(s);
  // On the CPU a block's operands, 24 lines of k, stay in the first-level cache for k to 1024.
  const std::uint64_t columns = least(block_elements, nn::quantised_columns_max);
  const std::uint64_t rows = least<std::uint64_t>(block_elements, 8);
  const std::uint64_t across = (p.n + columns - 1) / columns;
  device_output<std::int16_t> a(p.m * p.k), b(p.n * p.k);
  device_output<float> a_scales(p.m), b_scales(p.n);
  if (auto bad =
        launch(settings_, p.m, window, nn::quantise_row{at(s.a), p.k, a.data(), a_scales.data()}))
    return bad;
  if (auto bad =
        launch(settings_, across, window,
               nn::quantise_columns{at(s.b), p.k, p.n, columns, b.data(), b_scales.data()}))
    return bad;
  return launch(settings_, (p.m + rows - 1) / rows * across, window,
                nn::integer_product_block{a.data(), b.data(), a_scales.data(), b_scales.data(), p.m,
                                          p.k, p.n, rows, columns, at(s.out)});
}

failure executor::gather(const step& s) {
  const device_input<std::uint32_t> chosen(s.rows.data(), s.rows.size());
  const std::uint64_t count = nn::count_of(shape(s.out));
  const std::uint64_t row = s.rows.empty() ? 0 : count / s.rows.size();
  return launch(settings_, row == 0 ? 0 : s.rows.size(), window,
                nn::gather_row{at(s.a), chosen.data(), at(s.out), row});
}

/// Strides of the operands over the result's axes; 0 along an axis that is broadcast.
nn::strides executor::strides_of(const step& s) const {
  nn::strides out;
  const nn::dimensions& result = shape(s.out);
  out.rank = static_cast<std::uint32_t>(result.size());
  const auto place = [&](const nn::dimensions& from, std::uint64_t(&to)[nn::rank_max]) {
    std::uint64_t stride = 1;
    for (std::size_t i = from.size(); i-- > 0; stride *= from[i])
      to[i + result.size() - from.size()] = from[i] == 1 ? 0 : stride;
  };
  for (std::size_t i = 0; i < result.size(); ++i)
    out.shape[i] = result[i];
  if (s.what == operation::transpose) {
    std::uint64_t plain[nn::rank_max] = {};
    place(shape(s.a), plain);
    for (std::size_t i = 0; i < result.size(); ++i)
      out.a[i] = plain[s.order[i]];
    return out;
  }
  place(shape(s.a), out.a);
  place(shape(s.b), out.b);
  return out;
}

template <class Operation>
failure executor::pairs(const step& s) {
  nn::strides all = strides_of(s);
  const std::uint64_t count = nn::count_of(shape(s.out));
  if (all.rank == 0) {  // scalars
    all.rank = 1;
    all.shape[0] = 1;
  }
  const float* const b = s.b == nn::no_value ? at(s.a) : at(s.b);
  return launch(settings_, count == 0 ? 0 : count / all.shape[all.rank - 1], window,
                nn::pair_row<Operation>{all, at(s.a), b, at(s.out)});
}

template <class Operation>
failure executor::singles(const step& s) {
  const std::uint64_t count = nn::count_of(shape(s.out));
  return launch(settings_, (count + block_elements - 1) / block_elements, window,
                nn::single_block<Operation>{at(s.a), at(s.out), count, block_elements});
}

/// Small steps use fewer threads: waking one costs more than some thousand operations.
void executor::threads_for(const step& s) {
  constexpr std::uint64_t thread_operations = 16384;
  std::uint64_t operations = 8 * nn::count_of(shape(s.out));
  if (s.what == operation::matrix_product) {
    const product_shape p = x_.recipe.product_of(s);
    operations = p.count * p.m * p.n * p.k / 8;
  }
  settings_.threads =
    static_cast<std::uint32_t>(least<std::uint64_t>(threads_, 1 + operations / thread_operations));
}

failure executor::compute(const step& s) {
  switch (s.what) {
    case operation::matrix_product:
      return is_quantised(x_, s) ? integer_product(s) : product(s);
    case operation::add:
      return pairs<nn::add_two>(s);
    case operation::subtract:
      return pairs<nn::subtract_two>(s);
    case operation::multiply:
      return pairs<nn::multiply_two>(s);
    case operation::divide:
      return pairs<nn::divide_two>(s);
    case operation::transpose:
      return pairs<nn::first_of_two>(s);
    case operation::gather:
      return gather(s);
    case operation::softmax:
      return launch(settings_, rows(s), window, nn::softmax_row{at(s.a), at(s.out), width(s)});
    case operation::layer_norm:
      return launch(settings_, rows(s), window,
                    nn::layer_norm_row{at(s.a), at(s.b), s.c == nn::no_value ? nullptr : at(s.c),
                                       at(s.out), width(s), s.epsilon});
    case operation::relu:
      return singles<nn::relu_of>(s);
    case operation::erf:
      return singles<nn::erf_of>(s);
    case operation::sigmoid:
      return singles<nn::logistic_of>(s);
    case operation::square_root:
      return singles<nn::square_root_of>(s);
    default:
      return singles<nn::tanh_of>(s);
  }
}

/// Appends a value as a `.npy` file.
void executor::append_output(std::uint32_t index, output_buffer& output) {
  const value& v = x_.recipe.values[index];
  const std::vector<std::uint8_t> header = npy_header("<f4", v.shape);
  const std::uint64_t count = nn::count_of(v.shape);
  const std::size_t begin = output.size() + header.size();
  output.resize(begin + count * sizeof(float));
  memcpy(output.data() + begin - header.size(), header.data(), header.size());
  const auto values = memory_.values(places_.offsets[index], count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const float canonical = canonical_nan(values[i]);
    memcpy(output.data() + begin + 4 * i, &canonical, 4);
  }
}

failure run(const work&, const inference& x, const run_settings& settings,
            output_buffer& output) {
  executor steps(x, settings);
  std::uint64_t done = 0;
  for (const step& s : x.recipe.steps) {
    if (auto bad = steps.run(s))
      return bad;
    settings.report(++done, x.recipe.steps.size());
  }
  for (std::uint32_t index : x.recipe.outputs)
    steps.append_output(index, output);
  return {};
}

}  // namespace

const kernel_definition nn_infer{
  .id = "nn.infer",
  .version = 0,
  .summary = "one run of an ONNX model, f32 or 8-bit integers, every rounding in a fixed order",
  .limits = limits,
  .units = units_of_job<inference, parse, units>,
  .run = run_job<inference, parse, units, run>,
};

}  // namespace datagen::kernels
