#include "self_test.hpp"

namespace datagen::kernels {
namespace {

using bytes = std::vector<std::uint8_t>;

/// A small job with its output, both as hexadecimal text.
struct known_answer {
  const char* kernel;
  const char* params;
  const char* input;
  const char* output;
};

constexpr known_answer answers[] = {
#include "known_answers.inc"
};

std::uint8_t nibble(char c) {
  return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10);
}

bytes from_hex(std::string_view text) {
  bytes out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>(nibble(text[i]) << 4 | nibble(text[i + 1])));
  return out;
}

/// The bytes from the first one that differs on.
std::string difference(std::span<const std::uint8_t> found, const bytes& expected) {
  std::size_t at = 0;
  while (at < found.size() && at < expected.size() && found[at] == expected[at]) ++at;
  const auto shown = [at](std::span<const std::uint8_t> x) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (std::size_t i = at; i < x.size() && i < at + 8; ++i)
      out += {digits[x[i] >> 4], digits[x[i] & 15]};
    return out.empty() ? std::string("nothing") : out;
  };
  return "byte " + std::to_string(at) + " on is " + shown(found) + ", known to be " +
         shown(expected);
}

std::string check(const registry& kernels, const device_info& device, std::uint32_t threads,
                  const known_answer& x) {
  const auto input = from_hex(x.input);
  const auto expected = from_hex(x.output);
  const auto done = kernels.run({.kernel = x.kernel,
                                 .params = x.params,
                                 .input = input,
                                 .backend = device.backend,
                                 .device = device.index,
                                 .threads = threads});
  const auto name = std::string(x.kernel) + ": ";
  if (done.exit_status == DATAGEN_UNKNOWN_KERNEL) return {};  // this back end does not have it
  if (!done.ok()) return name + done.message;
  return done.output == expected ? std::string{} : name + difference(done.output, expected);
}

}  // namespace

std::vector<std::string> known_answers() {
  std::vector<std::string> out;
  for (const auto& x : answers) out.emplace_back(x.kernel);
  return out;
}

std::string self_test(const registry& kernels, const device_info& device, std::uint32_t threads) {
  for (const auto& x : answers)
    if (auto failure = check(kernels, device, threads, x); !failure.empty()) return failure;
  return {};
}

}  // namespace datagen::kernels
