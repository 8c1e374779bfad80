#include "merkle_root.hpp"

#include <bit>
#include <string>

#include "host_device.hpp"
#include "launch.hpp"
#include "params.hpp"
#include "sha256.hpp"

namespace datagen::kernels {
namespace {

constexpr std::uint64_t input_bytes_max = std::uint64_t{1} << 30;
constexpr datagen_limit limits[] = {{"input", input_bytes_max, "bytes"}};
constexpr param_rule rules[] = {
    {.key = "chunk", .fallback = "65536", .minimum = 1024, .maximum = 1048576}};

failure parse(const work& work, std::uint64_t& chunk) {
  param_values values;
  if (auto bad = parse_params(work.params, rules, values)) return bad;
  chunk = values.integer("chunk");
  if (!std::has_single_bit(chunk))
    return bad_params("parameter 'chunk' is " + std::to_string(chunk) +
                      ", expected a power of two");
  if (work.input.size() > input_bytes_max)
    return over_limit("input", work.input.size(), input_bytes_max, "bytes");
  return {};
}

failure check(const work& work) {
  std::uint64_t chunk = 0;
  return parse(work, chunk);
}

/// Blocks of one leaf of `size` bytes: the domain byte, the data, the 0x80 and the length.
std::uint64_t leaf_compressions(std::uint64_t size) { return (1 + size + 9 + 63) / 64; }

std::uint64_t units(const work& work) {
  std::uint64_t chunk = 0;
  if (parse(work, chunk)) return 0;
  const std::uint64_t size = work.input.size();
  const std::uint64_t whole = size / chunk;
  const std::uint64_t rest = size % chunk;
  const std::uint64_t leaves = whole + (rest > 0 ? 1 : 0);
  std::uint64_t compressions = whole * leaf_compressions(chunk);
  if (rest > 0) compressions += leaf_compressions(rest);
  if (leaves > 1) compressions += 2 * (leaves - 1);
  return 1 + compressions / 32;
}

/// Hashes one or two messages with the fastest loop at hand.
DATAGEN_HD void hash_group(const prefixed_message* messages, int count, bool ni, digest256* out) {
#if !defined(__CUDA_ARCH__)
  if (ni && count == 2) return sha256_ni_pair(messages[0], messages[1], out);
  if (ni && count == 1) {
    out[0] = sha256_ni(messages[0]);
    return;
  }
#endif
  for (int i = 0; i < count; ++i) out[i] = sha256_portable(messages[i]);
}

/// Hashes leaves 2i and 2i+1.
struct hash_leaves {
  const std::uint8_t* input;
  std::uint64_t size;
  std::uint64_t chunk;
  std::uint64_t leaves;
  bool ni;
  digest256* out;

  DATAGEN_HD prefixed_message leaf(std::uint64_t index) const {
    const std::uint64_t begin = index * chunk;
    return {0, input + begin, least(chunk, size - begin)};
  }
  DATAGEN_HD void operator()(std::uint64_t pair) const {
    const std::uint64_t first = 2 * pair;
    const int count = first + 1 < leaves ? 2 : 1;
    const prefixed_message messages[2] = {leaf(first), leaf(count == 2 ? first + 1 : first)};
    hash_group(messages, count, ni, out + first);
  }
};

/// Hashes nodes 2i and 2i+1 of the next level. A last child without a sibling moves up unchanged:
/// this gives the RFC's tree, which splits at the largest power of two below the count.
struct hash_nodes {
  const digest256* children;
  std::uint64_t count;
  bool ni;
  digest256* out;

  DATAGEN_HD void operator()(std::uint64_t pair) const {
    prefixed_message messages[2];
    int hashed = 0;
    for (std::uint64_t parent = 2 * pair; parent < 2 * pair + 2; ++parent) {
      if (2 * parent + 1 < count)
        messages[hashed++] = {1, children[2 * parent].bytes, 64};
      else if (2 * parent < count)
        out[parent] = children[2 * parent];
    }
    if (hashed > 0) hash_group(messages, hashed, ni, out + 2 * pair);
  }
};

failure run(const work& work, const run_settings& settings, std::vector<std::uint8_t>& output) {
  std::uint64_t chunk = 0;
  if (auto bad = parse(work, chunk)) return bad;
  const std::uint64_t size = work.input.size();
  if (size == 0) {
    // RFC 6962: the hash of an empty list is the hash of an empty string, without a domain byte.
    static constexpr std::uint8_t padded[64] = {0x80};
    std::uint32_t state[8] = {DATAGEN_SHA256_START};
    sha256_compress(state, padded);
    const digest256 root = digest_of(state);
    output.assign(root.bytes, root.bytes + 32);
    return {};
  }
  const bool ni = !settings.portable && has_sha_ni();
  const std::uint64_t leaves = (size + chunk - 1) / chunk;
  const device_input<std::uint8_t> input(work.input.data(), size);
  device_output<digest256> level(leaves);
  device_output<digest256> next((leaves + 1) / 2);
  const std::uint64_t window = greatest<std::uint64_t>(64, (std::uint64_t{32} << 20) / chunk);
  if (auto bad = launch(settings, (leaves + 1) / 2, window,
                        hash_leaves{input.data(), size, chunk, leaves, ni, level.data()}))
    return bad;
  digest256* children = level.data();
  digest256* parents = next.data();
  run_settings quiet = settings;
  quiet.progress = nullptr;
  for (std::uint64_t count = leaves; count > 1; count = (count + 1) / 2) {
    const std::uint64_t pairs = ((count + 1) / 2 + 1) / 2;
    if (auto bad = launch(quiet, pairs, pairs, hash_nodes{children, count, ni, parents}))
      return bad;
    std::swap(children, parents);
  }
  const std::vector<digest256> roots =
      children == level.data() ? level.download() : next.download();
  output.assign(roots[0].bytes, roots[0].bytes + 32);
  return {};
}

}  // namespace

const kernel_definition merkle_root{
    .id = "merkle.root",
    .version = 0,
    .summary = "RFC 6962 Merkle root of the input's chunks",
    .limits = limits,
    .check = check,
    .units = units,
    .run = run,
};

}  // namespace datagen::kernels
