#include "merkle_root.hpp"

#include <bit>
#include <string>

#include "host_device.hpp"
#include "launch.hpp"
#include "params.hpp"
#include "sha256_lanes.hpp"

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

std::uint64_t units(const work& work, const std::uint64_t& chunk) {
  const std::uint64_t size = work.input.size();
  const std::uint64_t whole = size / chunk;
  const std::uint64_t rest = size % chunk;
  const std::uint64_t leaves = whole + (rest > 0 ? 1 : 0);
  std::uint64_t compressions = whole * sha256_blocks(1 + chunk);
  if (rest > 0) compressions += sha256_blocks(1 + rest);
  if (leaves > 1) compressions += 2 * (leaves - 1);
  return 1 + compressions / 32;
}

/// The input's chunks.
struct leaf_table {
  const std::uint8_t* input;
  std::uint64_t size;
  std::uint64_t chunk;
  std::uint64_t count;

  DATAGEN_HD sha256_message message(std::uint64_t index) const {
    const std::uint64_t begin = index * chunk;
    return {input + begin, least(chunk, size - begin), 0, 1};
  }
};

#if defined(__CUDACC__)

struct hash_leaf {
  leaf_table from;
  digest256* out;

  DATAGEN_HD void operator()(std::uint64_t index) const {
    out[index] = sha256_portable(from.message(index));
  }
};

/// One leaf per thread and all of them at once: a leaf is a thousand compressions that wait for each
/// other, so only the number of leaves keeps the device busy.
failure hash_leaves(const run_settings& settings, const leaf_table& from, digest256* out) {
  return launch(settings, from.count, from.count, hash_leaf{from, out});
}

#else

failure hash_leaves(const run_settings& settings, const leaf_table& from, digest256* out) {
  const std::uint64_t size = sha256_group_size(from.count, settings.threads);
  const std::uint64_t window =
      greatest<std::uint64_t>(settings.threads, (std::uint64_t{64} << 20) / (size * from.chunk));
  return launch(settings, (from.count + size - 1) / size, window,
                hash_group<leaf_table>{from, size, sha256_fastest(settings.portable), out});
}

#endif

/// Hashes nodes 2i and 2i+1 of the next level. A last child without a sibling moves up unchanged:
/// this gives the RFC's tree, which splits at the largest power of two below the count.
struct hash_nodes {
  const digest256* children;
  std::uint64_t count;
  bool ni;
  digest256* out;

  DATAGEN_HD void operator()(std::uint64_t pair) const {
    sha256_message messages[2];
    int hashed = 0;
    for (std::uint64_t parent = 2 * pair; parent < 2 * pair + 2; ++parent) {
      if (2 * parent + 1 < count)
        messages[hashed++] = {children[2 * parent].bytes, 64, 1, 1};
      else if (2 * parent < count)
        out[parent] = children[2 * parent];
    }
    if (hashed > 0) sha256_group(messages, hashed, ni, out + 2 * pair);
  }
};

failure run(const work& work, const std::uint64_t& chunk, const run_settings& settings,
            output_buffer& output) {
  const std::uint64_t size = work.input.size();
  if (size == 0) {
    // RFC 6962: the hash of an empty list is the hash of an empty string, without a domain byte.
    const digest256 root = sha256_portable({nullptr, 0});
    output.assign(root.bytes, root.bytes + 32);
    return {};
  }
  const bool ni = !settings.portable && has_sha_ni();
  const std::uint64_t leaves = (size + chunk - 1) / chunk;
  const device_input<std::uint8_t> input(work.input.data(), size, message_padding);
  device_output<digest256> level(leaves);
  device_output<digest256> next((leaves + 1) / 2);
  if (auto bad = hash_leaves(settings, {input.data(), size, chunk, leaves}, level.data()))
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
    .units = units_of_job<std::uint64_t, parse, units>,
    .run = run_job<std::uint64_t, parse, units, run>,
};

}  // namespace datagen::kernels
