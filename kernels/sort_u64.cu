#include "sort_u64.hpp"

#include <algorithm>
#include <string>

#include "host_device.hpp"
#include "keys.hpp"
#include "large_memory.hpp"
#include "launch.hpp"
#include "params.hpp"
#if defined(__CUDACC__)
#include <cub/device/device_radix_sort.cuh>
#include <thrust/sequence.h>
#else
#include "radix_sort.hpp"
#endif

namespace datagen::kernels {
namespace {

constexpr datagen_limit limits[] = {{"keys", keys_max, "keys"}};
using type = param_rule::type;
constexpr param_rule rules[] = {
    {.key = "output", .kind = type::word, .fallback = "keys", .words = "keys|order"}};

struct request {
  std::uint64_t count = 0;
  bool order = false;
};

failure parse(const work& work, request& r) {
  param_values values;
  if (auto bad = parse_params(work.params, rules, values)) return bad;
  r.order = values.word("output") == "order";
  return parse_keys(work.input, r.count);
}

std::uint64_t units(const work&, const request& r) {
  return 1 + r.count / 32 * (r.order ? 2 : 1);
}

std::vector<std::uint64_t> keys_of(const work& work, std::uint64_t count) {
  std::vector<std::uint64_t> keys;
  resize_large(keys, count);
  if (count > 0) memcpy(keys.data(), work.input.data() + keys_header_bytes, 8 * count);
  return keys;
}

void put_order(const std::vector<indexed_key>& items, std::uint8_t* out) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto place = static_cast<std::uint32_t>(items[i].index);
    memcpy(out + 4 * i, &place, sizeof place);
  }
}

std::vector<indexed_key> indexed(const std::vector<std::uint64_t>& keys) {
  std::vector<indexed_key> items;
  resize_large(items, keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) items[i] = {keys[i], i};
  return items;
}

/// By the standard library, one thread.
void sort_portable(const std::vector<std::uint64_t>& keys, bool order, std::uint8_t* out) {
  if (order) {
    auto items = indexed(keys);
    std::stable_sort(items.begin(), items.end(),
                     [](const indexed_key& a, const indexed_key& b) { return a.key < b.key; });
    return put_order(items, out);
  }
  auto sorted = keys;
  std::sort(sorted.begin(), sorted.end());
  memcpy(out, sorted.data(), 8 * sorted.size());
}

#if defined(__CUDACC__)

/// Calls one of CUB's sorts twice, as it wants: for the size of its spare memory, and with it.
template <class Sort>
void with_spare(Sort sort) {
  const auto require = [](cudaError_t error) {
    if (error != cudaSuccess) throw std::runtime_error(cudaGetErrorString(error));
  };
  std::size_t bytes = 0;
  require(sort(nullptr, bytes));
  const device_memory<std::uint8_t> spare(bytes);
  require(sort(spare.data(), bytes));
}

/// CUB's radix sort is stable, and between two buffers it needs hardly any spare memory.
failure sort_fast(const run_settings& settings, const work& work, const request& r,
                  std::uint8_t* out) {
  const device_memory<std::uint64_t> in(r.count), other(r.count);
  upload(in.data(), work.input.data() + keys_header_bytes, 8 * r.count);
  cub::DoubleBuffer<std::uint64_t> keys(in.data(), other.data());
  if (r.order) {
    const device_memory<std::uint32_t> first(r.count), second(r.count);
    thrust::sequence(thrust::device, first.data(), first.data() + r.count);
    cub::DoubleBuffer<std::uint32_t> places(first.data(), second.data());
    with_spare([&](void* spare, std::size_t& bytes) {
      return cub::DeviceRadixSort::SortPairs(spare, bytes, keys, places, r.count);
    });
    download(out, places.Current(), 4 * r.count);
  } else {
    with_spare([&](void* spare, std::size_t& bytes) {
      return cub::DeviceRadixSort::SortKeys(spare, bytes, keys, r.count);
    });
    download(out, keys.Current(), 8 * r.count);
  }
  settings.report(1, 1);
  return {};
}

#else

/// Straight from the input's bytes to the output's: every copy of ten million keys takes as long as
/// a fifth of their sorting.
failure sort_keys(const run_settings& settings, const std::uint64_t* keys, std::uint64_t count,
                  std::uint8_t* out) {
  std::vector<std::uint64_t> spare;
  resize_large(spare, count);
  return radix_sort(settings, keys, count, reinterpret_cast<std::uint64_t*>(out), spare.data());
}

failure sort_fast(const run_settings& settings, const work& work, const request& r,
                  std::uint8_t* out) {
  if (r.order) {
    const auto items = indexed(keys_of(work, r.count));
    std::vector<indexed_key> sorted, spare;
    resize_large(sorted, items.size());
    resize_large(spare, items.size());
    if (auto bad = radix_sort(settings, items.data(), r.count, sorted.data(), spare.data()))
      return bad;
    put_order(sorted, out);
    return {};
  }
  const std::uint8_t* const in = work.input.data() + keys_header_bytes;
  if (reinterpret_cast<std::uintptr_t>(in) % alignof(std::uint64_t) != 0)
    return sort_keys(settings, keys_of(work, r.count).data(), r.count, out);
  return sort_keys(settings, reinterpret_cast<const std::uint64_t*>(in), r.count, out);
}

#endif

failure run(const work& work, const request& r, const run_settings& settings,
            output_buffer& output) {
  resize_large(output, r.count * (r.order ? 4 : 8));
  if (r.count == 0) return {};
  if (!settings.portable) return sort_fast(settings, work, r, output.data());
  sort_portable(keys_of(work, r.count), r.order, output.data());
  return {};
}

}  // namespace

const kernel_definition sort_u64{
    .id = "sort.u64",
    .version = 0,
    .summary = "64-bit keys in ascending order, or their stable order",
    .limits = limits,
    .units = units_of_job<request, parse, units>,
    .run = run_job<request, parse, units, run>,
};

}  // namespace datagen::kernels
