#include "tools/bench/kernels/signature_rows.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <vector>

#include "tools/bench/kernels/aims.hpp"
#include "tools/bench/kernels/interleaved_rounds.hpp"

namespace datagen::tools {
namespace {

constexpr std::uint32_t count = 2000;
constexpr std::uint32_t message_bytes = 100;

/// The kernel's input: header, records of 100 bytes, messages.
std::vector<std::uint8_t> signed_batch() {
  std::vector<std::uint8_t> out(8 + std::size_t{count} * (100 + message_bytes));
  std::memcpy(out.data(), "DED1", 4);
  std::memcpy(out.data() + 4, &count, 4);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint8_t* const record = out.data() + 8 + 100 * i;
    std::uint8_t* const message = out.data() + 8 + 100 * std::size_t{count} + message_bytes * i;
    std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret;
    std::memset(message, static_cast<int>(i & 255), message_bytes);
    crypto_sign_keypair(record, secret.data());
    crypto_sign_detached(record + 32, nullptr, message, message_bytes, secret.data());
    std::memcpy(record + 96, &message_bytes, 4);
  }
  return out;
}

}  // namespace

void print_signature_rows(const kernels::registry& kernels) {
  if (sodium_init() < 0)
    return;
  const auto input = signed_batch();
  std::size_t valid = 0;
  const auto verify = [&](std::uint32_t threads) {
    const auto result = kernels.run({.kernel = "ed25519.verify",
                                     .params = {},
                                     .input = input,
                                     .backend = "cpu",
                                     .threads = threads});
    valid = static_cast<std::size_t>(std::count(result.output.begin(), result.output.end(), 1));
  };
  const auto best = best_of(
    5, {{true, [&] { verify(1); }},
        {false, [&] { verify(0); }},
        {true, [&] {
           for (std::size_t i = 0; i < count; ++i) {
             const auto* record = input.data() + 8 + 100 * i;
             const auto* message = input.data() + 8 + 100 * std::size_t{count} + message_bytes * i;
             valid -= static_cast<std::size_t>(
               crypto_sign_verify_detached(record + 32, message, message_bytes, record) == 0);
           }
         }}});
  std::printf("ed25519.verify: %.1f k/s one thread, %.1f k/s all threads\n", 1e-3 * count / best[0],
              1e-3 * count / best[1]);
  std::printf("  libsodium, one thread: %.1f k/s; ours / libsodium = %.2f%s\n",
              1e-3 * count / best[2],
              aim("ed25519.verify / libsodium, one thread", best[2] / best[0], 1), valid == 0 ? "" : " (they disagree)");
}

}  // namespace datagen::tools
