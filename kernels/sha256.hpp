#pragma once

#include <cstddef>
#include <cstdint>

#include "host_device.hpp"

namespace datagen::kernels {

/// A SHA-256 digest, FIPS 180-4 byte order.
struct digest256 {
  std::uint8_t bytes[32];
};

/// One message: a domain byte followed by `size` bytes (RFC 6962 section 2.1 hashes these).
struct prefixed_message {
  std::uint8_t prefix;
  const std::uint8_t* data;
  std::uint64_t size;
};

/// FIPS 180-4 section 5.3.3. A macro like the next, because device code cannot read host arrays.
#define DATAGEN_SHA256_START                                                                   \
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19

/// FIPS 180-4 section 4.2.2.
#define DATAGEN_SHA256_CONSTANTS                                                               \
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,          \
      0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,      \
      0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,      \
      0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,      \
      0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,      \
      0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,      \
      0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,      \
      0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,      \
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,      \
      0xc67178f2

DATAGEN_HD inline std::uint32_t rotate_right(std::uint32_t x, int n) {
  return (x >> n) | (x << (32 - n));
}

/// One compression round of 64 bytes, portable: what CUDA runs and CPUs without SHA-NI.
DATAGEN_HD inline void sha256_compress(std::uint32_t* state, const std::uint8_t* block) {
  constexpr std::uint32_t k[64] = {DATAGEN_SHA256_CONSTANTS};
  std::uint32_t w[16];
  for (int i = 0; i < 16; ++i)
    w[i] = static_cast<std::uint32_t>(block[4 * i]) << 24 |
           static_cast<std::uint32_t>(block[4 * i + 1]) << 16 |
           static_cast<std::uint32_t>(block[4 * i + 2]) << 8 | block[4 * i + 3];
  std::uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  std::uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
  for (int i = 0; i < 64; ++i) {
    if (i >= 16) {
      const std::uint32_t x = w[(i + 1) & 15], y = w[(i + 14) & 15];
      w[i & 15] += (rotate_right(x, 7) ^ rotate_right(x, 18) ^ (x >> 3)) + w[(i + 9) & 15] +
                   (rotate_right(y, 17) ^ rotate_right(y, 19) ^ (y >> 10));
    }
    const std::uint32_t one = h + (rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25)) +
                              ((e & f) ^ (~e & g)) + k[i] + w[i & 15];
    const std::uint32_t two = (rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22)) +
                              ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + one, d = c, c = b, b = a, a = one + two;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d;
  state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

/// How a prefixed message falls into 64-byte blocks: a first block holding the prefix (if the
/// message reaches that far), whole blocks straight from the data, one or two padded blocks.
struct message_plan {
  std::uint8_t first[64];
  std::uint8_t tail[128];
  bool has_first = false;
  const std::uint8_t* middle = nullptr;
  std::uint64_t middle_blocks = 0;
  int tail_blocks = 0;

  DATAGEN_HD explicit message_plan(const prefixed_message& message) {
    const std::uint64_t total = message.size + 1;
    std::uint64_t rest = message.size;
    std::size_t used = 0;
    const std::uint8_t* data = message.data;
    if (message.size >= 63) {
      has_first = true;
      first[0] = message.prefix;
      memcpy(first + 1, data, 63);
      middle = data + 63;
      middle_blocks = (message.size - 63) / 64;
      data = middle + 64 * middle_blocks;
      rest = (message.size - 63) % 64;
    } else {
      tail[0] = message.prefix;
      used = 1;
    }
    memset(tail + used, 0, sizeof tail - used);
    if (rest > 0) memcpy(tail + used, data, rest);
    used += static_cast<std::size_t>(rest);
    tail[used] = 0x80;
    tail_blocks = used + 9 <= 64 ? 1 : 2;
    const std::uint64_t bits = total * 8;
    for (int i = 0; i < 8; ++i)
      tail[64 * tail_blocks - 1 - i] = static_cast<std::uint8_t>(bits >> (8 * i));
  }
};

DATAGEN_HD inline digest256 digest_of(const std::uint32_t* state) {
  digest256 out;
  for (int i = 0; i < 32; ++i)
    out.bytes[i] = static_cast<std::uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
  return out;
}

/// SHA-256 of one message, portable.
DATAGEN_HD inline digest256 sha256_portable(const prefixed_message& message) {
  const message_plan plan(message);
  std::uint32_t state[8] = {DATAGEN_SHA256_START};
  if (plan.has_first) sha256_compress(state, plan.first);
  for (std::uint64_t i = 0; i < plan.middle_blocks; ++i)
    sha256_compress(state, plan.middle + 64 * i);
  for (int i = 0; i < plan.tail_blocks; ++i) sha256_compress(state, plan.tail + 64 * i);
  return digest_of(state);
}

/// True when this processor has SHA-NI (cpuid leaf 7, EBX bit 29).
bool has_sha_ni();

/// SHA-256 with SHA-NI. Two messages of one size run interleaved, which hides the latency of
/// sha256rnds2: about 1.9 times one stream. @pre has_sha_ni()
digest256 sha256_ni(const prefixed_message& message);
void sha256_ni_pair(const prefixed_message& a, const prefixed_message& b, digest256* out);

}  // namespace datagen::kernels
