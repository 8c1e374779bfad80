#pragma once

#include <cstddef>
#include <cstdint>

#include "host_device.hpp"

namespace datagen::kernels {

/// A SHA-256 digest, FIPS 180-4 byte order. Aligned, so that it is stored in two pieces.
struct alignas(16) digest256 {
  std::uint8_t bytes[32];
};

/// One message: `size` bytes, after a domain byte where there is one (RFC 6962 section 2.1).
struct sha256_message {
  const std::uint8_t* data;
  std::uint64_t size;
  std::uint8_t prefix = 0;
  std::uint8_t prefix_size = 0;  ///< 0 or 1

  DATAGEN_HD std::uint64_t total() const { return prefix_size + size; }
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

/// 64-byte blocks that a message of `total` bytes takes: 0x80 and the length need nine more.
DATAGEN_HD inline std::uint64_t sha256_blocks(std::uint64_t total) { return (total + 9 + 63) / 64; }

#if defined(__CUDA_ARCH__)
#define DATAGEN_UNROLL _Pragma("unroll")  // keeps w in registers
#else
#define DATAGEN_UNROLL
#endif

/// One compression, portable: what CUDA runs and CPUs without SHA-NI. `w` is the block as
/// big-endian words, and is used up.
DATAGEN_HD inline void sha256_compress(std::uint32_t* state, std::uint32_t (&w)[16]) {
  constexpr std::uint32_t k[64] = {DATAGEN_SHA256_CONSTANTS};
  std::uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  std::uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
  DATAGEN_UNROLL
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

DATAGEN_HD inline std::uint32_t swapped_bytes(std::uint32_t word) {
#if defined(__CUDA_ARCH__)
  return __byte_perm(word, 0, 0x0123);
#else
  return __builtin_bswap32(word);
#endif
}

/// Four bytes at any address as a big-endian word. On CUDA by whole words, of which the last may
/// reach up to three bytes past the four: device buffers of messages are padded.
DATAGEN_HD inline std::uint32_t big_endian_word(const std::uint8_t* at) {
#if defined(__CUDA_ARCH__)
  const auto shift = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(at) & 3);
  const auto* words = reinterpret_cast<const std::uint32_t*>(at - shift);
  const std::uint32_t low = words[0], high = shift != 0 ? words[1] : 0;
  return __byte_perm(low, high, 0x0123 + 0x1111 * shift);
#else
  std::uint32_t word;
  memcpy(&word, at, sizeof word);
  return swapped_bytes(word);
#endif
}
inline constexpr std::size_t message_padding = 4;  ///< bytes, see above

/// The padded message's bytes 4*index .. 4*index+3 (FIPS 180-4 section 5.1.1).
DATAGEN_HD inline std::uint32_t padded_word(const sha256_message& message, std::uint64_t index) {
  const std::uint64_t total = message.total();
  const std::uint64_t at = 4 * index;
  if (at >= message.prefix_size && at + 4 <= total)
    return big_endian_word(message.data + (at - message.prefix_size));
  if (at > total) {
    const std::uint64_t last = 16 * sha256_blocks(total) - 1;
    const std::uint64_t bits = 8 * total;
    if (index == last) return static_cast<std::uint32_t>(bits);
    return index + 1 == last ? static_cast<std::uint32_t>(bits >> 32) : 0;
  }
  std::uint32_t word = 0;
  for (std::uint64_t i = at; i < at + 4; ++i) {
    std::uint32_t byte = i == total ? 0x80 : 0;
    if (i < message.prefix_size)
      byte = message.prefix;
    else if (i < total)
      byte = message.data[i - message.prefix_size];
    word = word << 8 | byte;
  }
  return word;
}

/// Block `block` of the padded message as words.
DATAGEN_HD inline void padded_block(const sha256_message& message, std::uint64_t block,
                                    std::uint32_t (&w)[16]) {
  const std::uint64_t first = 64 * block;
  if (first >= message.prefix_size && first + 64 <= message.total()) {
    const std::uint8_t* data = message.data + (first - message.prefix_size);
    DATAGEN_UNROLL
    for (int i = 0; i < 16; ++i) w[i] = big_endian_word(data + 4 * i);
  } else {
    DATAGEN_UNROLL
    for (int i = 0; i < 16; ++i)
      w[i] = padded_word(message, 16 * block + static_cast<std::uint64_t>(i));
  }
}

DATAGEN_HD inline digest256 digest_of(const std::uint32_t* state) {
  std::uint32_t words[8];
  DATAGEN_UNROLL
  for (int i = 0; i < 8; ++i) words[i] = swapped_bytes(state[i]);
  digest256 out;
  memcpy(out.bytes, words, sizeof out.bytes);
  return out;
}

/// SHA-256 of one message, portable.
DATAGEN_HD inline digest256 sha256_portable(const sha256_message& message) {
  std::uint32_t state[8] = {DATAGEN_SHA256_START};
  const std::uint64_t blocks = sha256_blocks(message.total());
  for (std::uint64_t block = 0; block < blocks; ++block) {
    std::uint32_t w[16];
    padded_block(message, block, w);
    sha256_compress(state, w);
  }
  return digest_of(state);
}

/// True when this processor has SHA-NI (cpuid leaf 7, EBX bit 29).
bool has_sha_ni();

/// SHA-256 with SHA-NI. Two messages of one size run interleaved, which hides the latency of
/// sha256rnds2: about 1.9 times one stream. @pre has_sha_ni()
digest256 sha256_ni(const sha256_message& message);
void sha256_ni_pair(const sha256_message& a, const sha256_message& b, digest256* out);

/// Hashes one or two messages with the fastest loop at hand.
DATAGEN_HD inline void sha256_group(const sha256_message* messages, int count, bool ni,
                                    digest256* out) {
#if !defined(__CUDA_ARCH__)
  if (ni && count == 2) return sha256_ni_pair(messages[0], messages[1], out);
  if (ni && count == 1) {
    out[0] = sha256_ni(messages[0]);
    return;
  }
#endif
  for (int i = 0; i < count; ++i) out[i] = sha256_portable(messages[i]);
}

}  // namespace datagen::kernels
