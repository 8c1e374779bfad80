#include "ed25519_verify.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "ed25519/verify.hpp"
#include "params.hpp"

namespace datagen::kernels {
namespace {

constexpr std::uint64_t header_bytes = 8;
constexpr std::uint64_t record_bytes = 100;
constexpr std::uint64_t input_bytes_max = std::uint64_t{1} << 30;
constexpr std::uint64_t count_max = std::uint64_t{1} << 22;
constexpr datagen_limit limits[] = {{"input", input_bytes_max, "bytes"},
                                    {"signatures", count_max, "signatures"}};

std::uint32_t word_at(const std::uint8_t* bytes) {
  std::uint32_t value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

struct batch {
  std::uint32_t count = 0;
  const std::uint8_t* records = nullptr;
  std::vector<std::uint64_t> ends;  ///< of each message, from the first one's beginning
  const std::uint8_t* messages() const { return records + record_bytes * count; }
};

failure parse(const work& work, batch& x) {
  param_values values;
  if (auto bad = parse_params(work.params, {}, values))
    return bad;
  const std::uint64_t size = work.input.size();
  if (size > input_bytes_max)
    return over_limit("input", size, input_bytes_max, "bytes");
  if (size < header_bytes || std::memcmp(work.input.data(), "DED1", 4) != 0)
    return bad_input("input does not start with the four letters DED1 and a count");
  x.count = word_at(work.input.data() + 4);
  if (x.count > count_max)
    return over_limit("input", x.count, count_max, "signatures");
  std::uint64_t expected = header_bytes + record_bytes * x.count;
  if (size < expected)
    return bad_input("input is " + std::to_string(size) + " bytes, but " + std::to_string(x.count) +
                     " signatures need " + std::to_string(expected) + " before the messages");
  x.records = work.input.data() + header_bytes;
  std::uint64_t end = 0;
  for (std::uint32_t i = 0; i < x.count; ++i)
    x.ends.push_back(end += word_at(x.records + record_bytes * i + 96));
  if (size != expected + end)
    return bad_input("input is " + std::to_string(size) +
                     " bytes, but its signatures and messages "
                     "need " +
                     std::to_string(expected + end));
  return {};
}

std::uint64_t units(const work&, const batch& x) {
  return 1 + 40 * std::uint64_t{x.count} + (x.ends.empty() ? 0 : x.ends.back() / 400);
}

failure run(const work&, const batch& x, const run_settings& settings,
            output_buffer& output) {
  output.resize(x.count);
  constexpr std::int64_t window = 2048;  // between two looks at the cancel flag
  for (std::int64_t first = 0; first < x.count; first += window) {
    if (settings.cancelled())
      return {DATAGEN_CANCELLED, "the job was cancelled"};
    const std::int64_t end = std::min<std::int64_t>(x.count, first + window);
#pragma omp parallel for schedule(dynamic, 16) num_threads(static_cast <int>(settings.threads))
    for (std::int64_t i = first; i < end; ++i) {
      const auto index = static_cast<std::size_t>(i);
      const std::uint8_t* const record = x.records + record_bytes * index;
      const std::uint64_t begin = index == 0 ? 0 : x.ends[index - 1];
      output[index] =
        ed25519::is_valid(record, record + 32, {x.messages() + begin, x.ends[index] - begin});
    }
    settings.report(static_cast<std::uint64_t>(end), x.count);
  }
  return {};
}

}  // namespace

const kernel_definition ed25519_verify{
  .id = "ed25519.verify",
  .version = 0,
  .summary = "which signatures of a batch are valid under ZIP-215",
  .limits = limits,
  .units = units_of_job<batch, parse, units>,
  .run = run_job<batch, parse, units, run>,
};

}  // namespace datagen::kernels
