#include "topk.hpp"

#include <algorithm>
#include <string>

#include "host_device.hpp"
#include "keys.hpp"
#include "launch.hpp"
#include "params.hpp"
#if defined(__CUDACC__)
#include <thrust/functional.h>
#include <thrust/sequence.h>
#include <thrust/sort.h>
#endif

namespace datagen::kernels {
namespace {

constexpr std::uint64_t k_max = 65536;
constexpr datagen_limit limits[] = {{"keys", keys_max, "keys"}, {"k", k_max, "entries"}};
constexpr param_rule rules[] = {{.key = "k", .fallback = "10", .minimum = 1, .maximum = k_max}};

struct request {
  std::uint64_t count = 0;
  std::uint64_t k = 0;
};

failure parse(const work& work, request& r) {
  param_values values;
  if (auto bad = parse_params(work.params, rules, values)) return bad;
  r.k = values.integer("k");
  return parse_keys(work.input, r.count);
}

std::uint64_t units(const work&, const request& r) {
  return 1 + r.count / 256 + r.k / 16;
}

/// Larger keys first, then earlier places: no two entries are equal, so there is one answer.
bool comes_first(const indexed_key& a, const indexed_key& b) {
  return a.key != b.key ? a.key > b.key : a.index < b.index;
}

std::uint64_t key_at(const std::uint8_t* keys, std::uint64_t index) {
  std::uint64_t key;
  memcpy(&key, keys + 8 * index, sizeof key);
  return key;
}

/// All entries in order, then the first k: as plainly as it can be written.
std::vector<indexed_key> select_portable(const std::uint8_t* keys, const request& r) {
  std::vector<indexed_key> all(r.count);
  for (std::uint64_t i = 0; i < r.count; ++i) all[i] = {key_at(keys, i), i};
  std::sort(all.begin(), all.end(), comes_first);
  all.resize(least(r.k, r.count));
  return all;
}

#if defined(__CUDACC__)

failure select_fast(const run_settings& settings, const std::uint8_t* bytes, const request& r,
                    std::vector<indexed_key>& found) {
  const device_memory<std::uint64_t> keys(r.count);
  const device_memory<std::uint32_t> places(r.count);
  upload(keys.data(), bytes, 8 * r.count);
  thrust::sequence(thrust::device, places.data(), places.data() + r.count);
  thrust::stable_sort_by_key(thrust::device, keys.data(), keys.data() + r.count, places.data(),
                             thrust::greater<std::uint64_t>());
  found.resize(least(r.k, r.count));
  std::vector<std::uint64_t> best(found.size());
  std::vector<std::uint32_t> where(found.size());
  download(best.data(), keys.data(), 8 * best.size());
  download(where.data(), places.data(), 4 * where.size());
  for (std::size_t i = 0; i < found.size(); ++i) found[i] = {best[i], where[i]};
  settings.report(1, 1);
  return {};
}

#else

/// The best k of share `block`: a heap whose top is the worst of them. Most keys lose to it.
struct select_share {
  const std::uint8_t* keys;
  std::uint64_t count, share, k;
  std::vector<indexed_key>* out;

  void operator()(std::uint64_t block) const {
    auto& heap = out[block];
    const std::uint64_t end = least(count, (block + 1) * share);
    std::uint64_t i = block * share;
    for (; i < end && heap.size() < k; ++i) heap.push_back({key_at(keys, i), i});
    std::make_heap(heap.begin(), heap.end(), comes_first);
    for (; i < end; ++i) {
      const std::uint64_t key = key_at(keys, i);
      if (key <= heap.front().key) continue;  // equal keys: the earlier place stays
      std::pop_heap(heap.begin(), heap.end(), comes_first);
      heap.back() = {key, i};
      std::push_heap(heap.begin(), heap.end(), comes_first);
    }
  }
};

failure select_fast(const run_settings& settings, const std::uint8_t* keys, const request& r,
                    std::vector<indexed_key>& found) {
  constexpr std::uint64_t share_min = 1 << 16;
  const std::uint64_t blocks =
      greatest<std::uint64_t>(1, least<std::uint64_t>(settings.threads, r.count / share_min));
  std::vector<std::vector<indexed_key>> best(blocks);
  if (auto bad = launch(settings, blocks, blocks,
                        select_share{keys, r.count, (r.count + blocks - 1) / blocks, r.k,
                                     best.data()}))
    return bad;
  for (const auto& share : best) found.insert(found.end(), share.begin(), share.end());
  std::sort(found.begin(), found.end(), comes_first);
  found.resize(least(r.k, r.count));
  return {};
}

#endif

failure run(const work& work, const request& r, const run_settings& settings,
            output_buffer& output) {
  const std::uint8_t* keys = work.input.data() + keys_header_bytes;
  std::vector<indexed_key> found;
  if (settings.portable)
    found = select_portable(keys, r);
  else if (r.count > 0)
    if (auto bad = select_fast(settings, keys, r, found)) return bad;
  output.resize(12 * found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto place = static_cast<std::uint32_t>(found[i].index);
    memcpy(output.data() + 12 * i, &found[i].key, 8);
    memcpy(output.data() + 12 * i + 8, &place, 4);
  }
  return {};
}

}  // namespace

const kernel_definition topk{
    .id = "topk",
    .version = 0,
    .summary = "the largest 64-bit keys and their places",
    .limits = limits,
    .units = units_of_job<request, parse, units>,
    .run = run_job<request, parse, units, run>,
};

}  // namespace datagen::kernels
