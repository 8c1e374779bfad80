#include "support.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace datagen::kernels::testing {

const registry& loaded() {
  static const registry instance = registry::load();
  REQUIRE_MESSAGE(instance.ok(), instance.error());
  return instance;
}

job_result run_cpu(std::string_view kernel, std::string_view params,
                   std::span<const std::uint8_t> input, std::uint32_t threads, bool portable) {
  return loaded().run({.kernel = kernel,
                       .params = params,
                       .input = input,
                       .backend = "cpu",
                       .threads = threads,
                       .portable = portable});
}

bytes source_file(std::string_view path) {
  const char* chosen = std::getenv("DATAGEN_SOURCE_DIR");
  const std::string root = chosen != nullptr ? chosen : DATAGEN_SOURCE_DIR;
  std::ifstream file(root + "/" + std::string(path), std::ios::binary);
  REQUIRE_MESSAGE(file.good(), path << " cannot be read below " << root);
  return {(std::istreambuf_iterator<char>(file)), {}};
}

bool has_cuda() {
  for (const auto& device : loaded().devices())
    if (device.backend == "cuda") return true;
  return false;
}

job_result run_cuda(std::string_view kernel, std::string_view params,
                    std::span<const std::uint8_t> input) {
  return loaded().run(
      {.kernel = kernel, .params = params, .input = input, .backend = "cuda"});
}

bytes sha256(std::span<const std::uint8_t> data) {
  // Round constants derived, not copied: fractional parts of cube roots of the first 64 primes.
  static const std::vector<std::uint32_t> k = [] {
    std::vector<std::uint32_t> out;
    for (unsigned p = 2; out.size() < 64; ++p) {
      bool prime = true;
      for (unsigned d = 2; d * d <= p; ++d) prime = prime && p % d != 0;
      if (!prime) continue;
      __extension__ typedef unsigned __int128 wide;
      std::uint64_t root = 0;  // floor(cbrt(p) * 2^32): largest root with root^3 <= p * 2^96
      for (int bit = 34; bit >= 0; --bit) {
        const std::uint64_t next = root | (std::uint64_t{1} << bit);
        const wide square = static_cast<wide>(next) * next;
        if (square <= (static_cast<wide>(p) << 96) / next) root = next;
      }
      out.push_back(static_cast<std::uint32_t>(root));
    }
    return out;
  }();
  std::uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  bytes padded(data.begin(), data.end());
  padded.push_back(0x80);
  while (padded.size() % 64 != 56) padded.push_back(0);
  for (int i = 7; i >= 0; --i)
    padded.push_back(static_cast<std::uint8_t>(std::uint64_t{data.size()} * 8 >> (8 * i)));
  const auto turn = [](std::uint32_t x, int n) { return (x >> n) | (x << (32 - n)); };
  for (std::size_t block = 0; block < padded.size(); block += 64) {
    std::uint32_t w[64];
    for (std::size_t i = 0; i < 16; ++i) {
      w[i] = 0;
      for (std::size_t j = 0; j < 4; ++j) w[i] = w[i] << 8 | padded[block + 4 * i + j];
    }
    for (int i = 16; i < 64; ++i)
      w[i] = (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >> 10)) + w[i - 7] +
             (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >> 3)) + w[i - 16];
    std::uint32_t s[8];
    for (int i = 0; i < 8; ++i) s[i] = h[i];
    for (std::size_t i = 0; i < 64; ++i) {
      const std::uint32_t one = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) +
                                ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[i] + w[i];
      const std::uint32_t two = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) +
                                ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
      for (int j = 7; j > 0; --j) s[j] = s[j - 1];
      s[4] += one;
      s[0] = one + two;
    }
    for (int i = 0; i < 8; ++i) h[i] += s[i];
  }
  bytes out;
  for (std::uint32_t word : h)
    for (int i = 3; i >= 0; --i) out.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
  return out;
}

std::string hex(std::span<const std::uint8_t> data) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (std::uint8_t byte : data) out += {digits[byte >> 4], digits[byte & 15]};
  return out;
}

bytes from_hex(std::string_view text) {
  bytes out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>(
        std::strtoul(std::string(text.substr(i, 2)).c_str(), nullptr, 16)));
  return out;
}

std::uint64_t test_seed() {
  const char* text = std::getenv("DATAGEN_TEST_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 20240607;
}

}  // namespace datagen::kernels::testing
