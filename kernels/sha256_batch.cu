#include "sha256_batch.hpp"

#include <string>

#include "host_device.hpp"
#include "large_memory.hpp"
#include "launch.hpp"
#include "params.hpp"
#include "sha256_lanes.hpp"

namespace datagen::kernels {
namespace {

constexpr std::uint64_t header_bytes = 16;
constexpr std::uint64_t input_bytes_max = std::uint64_t{1} << 30;
constexpr std::uint64_t messages_max = std::uint64_t{1} << 24;
constexpr datagen_limit limits[] = {{"input", input_bytes_max, "bytes"},
                                    {"messages", messages_max, "messages"}};

/// Where the messages lie in the input.
struct batch {
  std::uint32_t count = 0;
  std::uint32_t length = 0;            ///< of every message; 0: see `begins`
  std::uint64_t payload_at = 0;        ///< first message's first byte
  std::uint64_t blocks = 0;            ///< 64-byte blocks of all padded messages
  std::vector<std::uint64_t> begins;   ///< of each message, from payload_at; the last is the end
};

std::uint32_t u32_at(std::span<const std::uint8_t> bytes, std::size_t at) {
  std::uint32_t value;
  memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::string count_text(const batch& b) { return std::to_string(b.count) + " messages"; }

/// Reads the table of sizes and checks that they fill the input exactly.
failure parse_table(std::span<const std::uint8_t> input, batch& b) {
  const std::uint64_t table = 4 * std::uint64_t{b.count};
  if (input.size() < header_bytes + table)
    return bad_input("input is " + std::to_string(input.size()) + " bytes, but the sizes of " +
                     count_text(b) + " alone need " + std::to_string(header_bytes + table));
  b.payload_at = header_bytes + table;
  b.begins.resize(std::size_t{b.count} + 1);
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < b.count; ++i) {
    const std::uint32_t size = u32_at(input, header_bytes + 4 * i);
    b.begins[i] = at;
    at += size;
    b.blocks += sha256_blocks(size);
  }
  b.begins[b.count] = at;
  if (input.size() != b.payload_at + at)
    return bad_input("input is " + std::to_string(input.size()) + " bytes, but header, table and " +
                     count_text(b) + " of the table's sizes are " +
                     std::to_string(b.payload_at + at));
  return {};
}

failure parse(const work& work, batch& b) {
  param_values values;
  if (auto bad = parse_params(work.params, {}, values)) return bad;
  const std::uint64_t size = work.input.size();
  if (size > input_bytes_max) return over_limit("input", size, input_bytes_max, "bytes");
  if (size < header_bytes)
    return bad_input("input is " + std::to_string(size) +
                     " bytes, expected at least the 16-byte header DHS1, count, length, 0");
  if (memcmp(work.input.data(), "DHS1", 4) != 0)
    return bad_input("input does not start with the four letters DHS1");
  b.count = u32_at(work.input, 4);
  b.length = u32_at(work.input, 8);
  if (u32_at(work.input, 12) != 0)
    return bad_input("the header's last number is " + std::to_string(u32_at(work.input, 12)) +
                     ", expected 0");
  if (b.count > messages_max) return over_limit("message count", b.count, messages_max, "messages");
  if (b.length == 0) return parse_table(work.input, b);
  b.payload_at = header_bytes;
  b.blocks = b.count * sha256_blocks(b.length);
  const std::uint64_t expected = header_bytes + std::uint64_t{b.count} * b.length;
  if (size != expected)
    return bad_input("input is " + std::to_string(size) + " bytes, but " + count_text(b) + " of " +
                     std::to_string(b.length) + " bytes need " + std::to_string(expected));
  return {};
}

std::uint64_t units(const work&, const batch& b) {
  return 1 + b.blocks / 32;
}

/// The messages where the device sees them.
struct message_table {
  const std::uint8_t* payload;
  const std::uint64_t* begins;  ///< null: all have `length` bytes
  std::uint64_t length;
  std::uint64_t count;

  DATAGEN_HD sha256_message message(std::uint64_t index) const {
    if (begins == nullptr) return {payload + index * length, length};
    return {payload + begins[index], begins[index + 1] - begins[index]};
  }
};

#if defined(__CUDACC__)

struct hash_message {
  message_table table;
  digest256* out;
  DATAGEN_HD void operator()(std::uint64_t index) const {
    out[index] = sha256_portable(table.message(index));
  }
};

failure hash_all(const message_table& table, std::uint64_t, const run_settings& settings,
                 digest256* out) {
  device_output<digest256> digests(table.count);
  constexpr std::uint64_t window = std::uint64_t{1} << 22;
  if (auto bad = launch(settings, table.count, window, hash_message{table, digests.data()}))
    return bad;
  digests.download_to(out);
  return {};
}

#else

failure hash_all(const message_table& table, std::uint64_t payload_bytes,
                 const run_settings& settings, digest256* out) {
  const std::uint64_t size = sha256_group_size(table.count, settings.threads);
  const std::uint64_t group_bytes = size * (payload_bytes / table.count + 64);
  const std::uint64_t window = greatest<std::uint64_t>(64, (std::uint64_t{32} << 20) / group_bytes);
  return launch(settings, (table.count + size - 1) / size, window,
                hash_group<message_table>{table, size, sha256_fastest(settings.portable), out});
}

#endif

failure run(const work& work, const batch& b, const run_settings& settings,
            output_buffer& output) {
  resize_large(output, 32 * std::size_t{b.count});
  if (b.count == 0) return {};
  const std::uint64_t size = work.input.size() - b.payload_at;
  const device_input<std::uint8_t> payload(work.input.data() + b.payload_at, size,
                                           message_padding);
  const device_input<std::uint64_t> begins(b.begins.data(), b.begins.size());
  const message_table table{payload.data(), b.begins.empty() ? nullptr : begins.data(), b.length,
                            b.count};
  return hash_all(table, size, settings, reinterpret_cast<digest256*>(output.data()));
}

}  // namespace

const kernel_definition sha256_batch{
    .id = "sha256.batch",
    .version = 0,
    .summary = "SHA-256 digest of each of many messages",
    .limits = limits,
    .units = units_of_job<batch, parse, units>,
    .run = run_job<batch, parse, units, run>,
};

}  // namespace datagen::kernels
