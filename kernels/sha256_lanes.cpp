#include "sha256_lanes.hpp"

#include <algorithm>
#include <cstring>

#if defined(__AVX2__)
// g++ 12 takes the header's registers of any value for a mistake (GCC bug 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
#endif

namespace datagen::kernels {
namespace {

#if defined(__AVX512F__)

constexpr int lanes = 16;
constexpr int worthwhile_beside_ni = 8;  ///< messages: SHA-NI takes a third as long for two
using words = __m512i;                   ///< a word of every lane

words all(std::uint32_t x) { return _mm512_set1_epi32(static_cast<int>(x)); }
words sum(words x, words y) { return _mm512_add_epi32(x, y); }
template <int N>
words right(words x) { return _mm512_srli_epi32(x, N); }
template <int N>
words rotated(words x) { return _mm512_ror_epi32(x, N); }
/// The last argument is the truth table: x picks bit 4, y bit 2, z bit 1 of its index.
words exclusive(words x, words y, words z) { return _mm512_ternarylogic_epi32(x, y, z, 0x96); }
words chosen(words x, words y, words z) { return _mm512_ternarylogic_epi32(x, y, z, 0xca); }
words majority(words x, words y, words z) { return _mm512_ternarylogic_epi32(x, y, z, 0xe8); }

#elif defined(__AVX2__)

constexpr int lanes = 8;
constexpr int worthwhile_beside_ni = lanes + 1;  ///< never: without rotations SHA-NI is faster
using words = __m256i;

words all(std::uint32_t x) { return _mm256_set1_epi32(static_cast<int>(x)); }
words sum(words x, words y) { return _mm256_add_epi32(x, y); }
template <int N>
words right(words x) { return _mm256_srli_epi32(x, N); }
template <int N>
words rotated(words x) {
  return _mm256_or_si256(_mm256_srli_epi32(x, N), _mm256_slli_epi32(x, 32 - N));
}
words exclusive(words x, words y, words z) { return _mm256_xor_si256(_mm256_xor_si256(x, y), z); }
words chosen(words x, words y, words z) {
  return _mm256_xor_si256(z, _mm256_and_si256(x, _mm256_xor_si256(y, z)));
}
words majority(words x, words y, words z) {
  return _mm256_or_si256(_mm256_and_si256(x, y), _mm256_and_si256(z, _mm256_or_si256(x, y)));
}

#endif

#if defined(__AVX2__)

alignas(64) constexpr std::uint32_t constants[64] = {DATAGEN_SHA256_CONSTANTS};

/// One compression of every lane (FIPS 180-4 section 6.2.2); `w` is used up.
void compress(words (&state)[8], words (&w)[16]) {
  words a = state[0], b = state[1], c = state[2], d = state[3];
  words e = state[4], f = state[5], g = state[6], h = state[7];
#pragma GCC unroll 64
  for (int i = 0; i < 64; ++i) {
    if (i >= 16) {
      const words x = w[(i + 1) & 15], y = w[(i + 14) & 15];
      const words small0 = exclusive(rotated<7>(x), rotated<18>(x), right<3>(x));
      const words small1 = exclusive(rotated<17>(y), rotated<19>(y), right<10>(y));
      w[i & 15] = sum(sum(w[i & 15], small0), sum(w[(i + 9) & 15], small1));
    }
    const words large1 = exclusive(rotated<6>(e), rotated<11>(e), rotated<25>(e));
    const words one = sum(sum(sum(h, all(constants[i])), sum(chosen(e, f, g), w[i & 15])), large1);
    const words large0 = exclusive(rotated<2>(a), rotated<13>(a), rotated<22>(a));
    const words two = sum(large0, majority(a, b, c));
    h = g, g = f, f = e, e = sum(d, one), d = c, c = b, b = a, a = sum(one, two);
  }
  const words end[8] = {a, b, c, d, e, f, g, h};
  for (int i = 0; i < 8; ++i) state[i] = sum(state[i], end[i]);
}

#if defined(__AVX512F__)

/// Word i of every lane's block in w[i]: 16 rows of 16 words turned, bytes swapped.
void load(const std::uint8_t* const (&at)[lanes], words (&w)[16]) {
  const words swap = _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
  words half[16], quad[16];
  for (int i = 0; i < 16; ++i)
    half[i] = _mm512_shuffle_epi8(_mm512_loadu_si512(at[i]), swap);
  for (int i = 0; i < 16; i += 2) {
    quad[i] = _mm512_unpacklo_epi32(half[i], half[i + 1]);
    quad[i + 1] = _mm512_unpackhi_epi32(half[i], half[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    half[i] = _mm512_unpacklo_epi64(quad[i], quad[i + 2]);
    half[i + 1] = _mm512_unpackhi_epi64(quad[i], quad[i + 2]);
    half[i + 2] = _mm512_unpacklo_epi64(quad[i + 1], quad[i + 3]);
    half[i + 3] = _mm512_unpackhi_epi64(quad[i + 1], quad[i + 3]);
  }
  // half[4 r + c] holds words c, 4 + c, 8 + c, 12 + c of lanes 4 r .. 4 r + 3.
  for (int c = 0; c < 4; ++c) {
    const words low01 = _mm512_shuffle_i32x4(half[c], half[4 + c], 0x44);
    const words high01 = _mm512_shuffle_i32x4(half[c], half[4 + c], 0xee);
    const words low23 = _mm512_shuffle_i32x4(half[8 + c], half[12 + c], 0x44);
    const words high23 = _mm512_shuffle_i32x4(half[8 + c], half[12 + c], 0xee);
    w[c] = _mm512_shuffle_i32x4(low01, low23, 0x88);
    w[4 + c] = _mm512_shuffle_i32x4(low01, low23, 0xdd);
    w[8 + c] = _mm512_shuffle_i32x4(high01, high23, 0x88);
    w[12 + c] = _mm512_shuffle_i32x4(high01, high23, 0xdd);
  }
}

#else

/// Word i of every lane's block in w[i].
void load(const std::uint8_t* const (&at)[lanes], words (&w)[16]) {
  alignas(32) std::uint32_t rows[16][lanes];
  for (int lane = 0; lane < lanes; ++lane)
    for (int i = 0; i < 16; ++i) rows[i][lane] = big_endian_word(at[lane] + 4 * i);
  for (int i = 0; i < 16; ++i)
    w[i] = _mm256_load_si256(reinterpret_cast<const words*>(rows[i]));
}

#endif

/// Block `block` of the padded message, where it does not lie in memory as it is.
void write_padded(const sha256_message& message, std::uint64_t block, std::uint8_t (&to)[64]) {
  std::memset(to, 0, sizeof to);
  const std::uint64_t total = message.total(), first = 64 * block;
  std::uint64_t at = first;
  if (at < message.prefix_size) to[at++] = message.prefix;
  if (at < total)
    std::memcpy(to + (at - first), message.data + (at - message.prefix_size),
                std::min(total, first + 64) - at);
  if (total >= first && total < first + 64) to[total - first] = 0x80;
  if (block + 1 < sha256_blocks(total)) return;
  const std::uint64_t bits = __builtin_bswap64(8 * total);
  std::memcpy(to + 56, &bits, sizeof bits);
}

/// Messages of equally many blocks, a lane each; lanes without one repeat the first.
struct lane_group {
  const sha256_message* messages;
  int count;
  std::uint64_t blocks;
  bool one_size;
  alignas(64) std::uint8_t padded[lanes][64];

  lane_group(const sha256_message* all, int number)
      : messages(all), count(number), blocks(sha256_blocks(all[0].total())),
        one_size(std::all_of(all, all + number,
                             [&](const auto& x) { return x.total() == all[0].total(); })) {}

  void read(std::uint64_t block, words (&w)[16]) {
    const std::uint64_t first = 64 * block;
    if (one_size && first >= messages[0].total()) {  // nothing but padding, the same in every lane
      std::uint32_t padding[16];
      padded_block(messages[0], block, padding);
      for (int i = 0; i < 16; ++i) w[i] = all(padding[i]);
      return;
    }
    const std::uint8_t* at[lanes];
    for (int lane = 0; lane < lanes; ++lane) {
      const sha256_message& message = messages[lane < count ? lane : 0];
      at[lane] = message.data + (first - message.prefix_size);
      if (first < message.prefix_size || first + 64 > message.total()) {
        write_padded(message, block, padded[lane]);
        at[lane] = padded[lane];
      }
    }
    load(at, w);
  }
};

void hash_in_lanes(const sha256_message* messages, int count, digest256* out) {
  constexpr std::uint32_t start[8] = {DATAGEN_SHA256_START};
  lane_group group(messages, count);
  words state[8];
  for (int i = 0; i < 8; ++i) state[i] = all(start[i]);
  for (std::uint64_t block = 0; block < group.blocks; ++block) {
    words w[16];
    group.read(block, w);
    compress(state, w);
  }
  alignas(64) std::uint32_t columns[8][lanes];
  std::memcpy(columns, state, sizeof columns);
  for (int lane = 0; lane < count; ++lane) {
    std::uint32_t digest[8];
    for (int i = 0; i < 8; ++i) digest[i] = columns[i][lane];
    out[lane] = digest_of(digest);
  }
}

bool alike(const sha256_message* messages, int count) {
  const std::uint64_t blocks = sha256_blocks(messages[0].total());
  return std::all_of(messages, messages + count,
                     [&](const auto& x) { return sha256_blocks(x.total()) == blocks; });
}

#endif

}  // namespace

sha256_loops sha256_fastest(bool portable) {
  return portable ? sha256_loops{} : sha256_loops{.lanes = true, .ni = has_sha_ni()};
}

void sha256_messages(const sha256_message* messages, int count, sha256_loops loops,
                     digest256* out) {
  int done = 0;
#if defined(__AVX2__)
  const int worthwhile = loops.ni ? worthwhile_beside_ni : 2;
  while (loops.lanes && count - done >= worthwhile) {
    const int here = std::min(lanes, count - done);
    if (!alike(messages + done, here)) break;
    hash_in_lanes(messages + done, here, out + done);
    done += here;
  }
#endif
  for (; done < count; done += 2)
    sha256_group(messages + done, std::min(2, count - done), loops.ni, out + done);
}

std::uint64_t sha256_group_size(std::uint64_t count, std::uint32_t threads) {
  return std::clamp<std::uint64_t>(count / threads, 2, sha256_group_max);
}

}  // namespace datagen::kernels
