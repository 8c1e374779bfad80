#include <cpuid.h>
#include <immintrin.h>

#include <cstring>

#include "sha256.hpp"

#define DATAGEN_SHA_TARGET __attribute__((target("sha,sse4.1,ssse3")))

namespace datagen::kernels {
namespace {

constexpr std::uint32_t start[8] = {DATAGEN_SHA256_START};
alignas(16) constexpr std::uint32_t constants[64] = {DATAGEN_SHA256_CONSTANTS};

/// State of `Streams` hashes in the register layout that sha256rnds2 wants.
template <int Streams>
struct ni_state {
  __m128i abef[Streams];
  __m128i cdgh[Streams];
};

template <int Streams>
DATAGEN_SHA_TARGET ni_state<Streams> start_state() {
  ni_state<Streams> s;
  for (int n = 0; n < Streams; ++n) {
    const auto at = [](int i) { return static_cast<int>(start[i]); };
    s.abef[n] = _mm_set_epi32(at(0), at(1), at(4), at(5));
    s.cdgh[n] = _mm_set_epi32(at(2), at(3), at(6), at(7));
  }
  return s;
}

/// Where a block's words come from: the next block of every stream.
struct from_memory {
  const std::uint8_t* const* data;
  std::uint64_t block;

  DATAGEN_SHA_TARGET __m128i words(int stream, int quarter) const {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    const auto* from = reinterpret_cast<const __m128i*>(data[stream] + 64 * block + 16 * quarter);
    return _mm_shuffle_epi8(_mm_loadu_si128(from), swap);
  }
};

/// The padding behind `bits` bits that fill whole blocks, the same for every stream: from registers,
/// since bytes written one by one are slow to read back as words.
struct from_padding {
  std::uint64_t bits;

  DATAGEN_SHA_TARGET __m128i words(int, int quarter) const {
    if (quarter == 0) return _mm_set_epi32(0, 0, 0, static_cast<int>(0x80000000));
    if (quarter < 3) return _mm_setzero_si128();
    return _mm_set_epi32(static_cast<int>(bits), static_cast<int>(bits >> 32), 0, 0);
  }
};

/// Compresses one block of every stream, interleaved instruction by instruction.
template <int Streams, class Source>
DATAGEN_SHA_TARGET inline void compress_block(ni_state<Streams>& s, const Source& source) {
  __m128i w[Streams][4];
  __m128i abef[Streams];
  __m128i cdgh[Streams];
  for (int n = 0; n < Streams; ++n) abef[n] = s.abef[n], cdgh[n] = s.cdgh[n];
#pragma GCC unroll 16
  for (int g = 0; g < 16; ++g) {
    const __m128i k = _mm_load_si128(reinterpret_cast<const __m128i*>(constants + 4 * g));
#pragma GCC unroll 2
    for (int n = 0; n < Streams; ++n) {
      if (g < 4) {
        w[n][g] = source.words(n, g);
      } else {
        __m128i next = _mm_sha256msg1_epu32(w[n][g & 3], w[n][(g + 1) & 3]);
        next = _mm_add_epi32(next, _mm_alignr_epi8(w[n][(g + 3) & 3], w[n][(g + 2) & 3], 4));
        w[n][g & 3] = _mm_sha256msg2_epu32(next, w[n][(g + 3) & 3]);
      }
      const __m128i wk = _mm_add_epi32(w[n][g & 3], k);
      cdgh[n] = _mm_sha256rnds2_epu32(cdgh[n], abef[n], wk);
      abef[n] = _mm_sha256rnds2_epu32(abef[n], cdgh[n], _mm_shuffle_epi32(wk, 0x0e));
    }
  }
  for (int n = 0; n < Streams; ++n) {
    s.abef[n] = _mm_add_epi32(s.abef[n], abef[n]);
    s.cdgh[n] = _mm_add_epi32(s.cdgh[n], cdgh[n]);
  }
}

/// Compresses `blocks` consecutive blocks of every stream.
template <int Streams>
DATAGEN_SHA_TARGET void compress(ni_state<Streams>& s, const std::uint8_t* const* data,
                                 std::uint64_t blocks) {
  for (std::uint64_t b = 0; b < blocks; ++b) compress_block(s, from_memory{data, b});
}

/// Registers hold f e b a and h g d c, lowest first: reversing all bytes of (d c b a) and (h g f e)
/// gives the digest's two halves.
template <int Streams>
DATAGEN_SHA_TARGET void finish(const ni_state<Streams>& s, digest256* out) {
  const __m128i reverse = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
  for (int n = 0; n < Streams; ++n) {
    const __m128i low = _mm_unpackhi_epi64(s.cdgh[n], s.abef[n]);
    const __m128i high = _mm_unpacklo_epi64(s.cdgh[n], s.abef[n]);
    auto* to = reinterpret_cast<__m128i*>(out[n].bytes);
    _mm_store_si128(to, _mm_shuffle_epi8(low, reverse));
    _mm_store_si128(to + 1, _mm_shuffle_epi8(high, reverse));
  }
}

/// How a message falls into 64-byte blocks: a first block holding the prefix (if the message reaches
/// that far), whole blocks straight from the data, one or two padded blocks.
struct message_plan {
  alignas(32) std::uint8_t first[64];
  alignas(32) std::uint8_t tail[128];
  bool has_first = false;
  const std::uint8_t* middle = nullptr;
  std::uint64_t middle_blocks = 0;
  std::uint64_t tail_blocks = 0;

  explicit message_plan(const sha256_message& message) {
    const std::uint8_t* data = message.data;
    std::size_t used = 0;  // bytes of the tail
    std::uint64_t rest = message.size;
    std::memset(tail, 0, sizeof tail);
    if (message.prefix_size != 0 && message.size >= 63) {
      has_first = true;
      first[0] = message.prefix;
      std::memcpy(first + 1, data, 63);
      data += 63;
      rest -= 63;
    } else if (message.prefix_size != 0) {
      tail[0] = message.prefix;
      used = 1;
    }
    middle = data;
    middle_blocks = used == 0 ? rest / 64 : 0;
    data += 64 * middle_blocks;
    rest -= 64 * middle_blocks;
    if (rest > 0) std::memcpy(tail + used, data, rest);
    used += static_cast<std::size_t>(rest);
    tail[used] = 0x80;
    tail_blocks = used + 9 <= 64 ? 1 : 2;
    const std::uint64_t bits = __builtin_bswap64(message.total() * 8);
    std::memcpy(tail + 64 * tail_blocks - 8, &bits, sizeof bits);
  }
};

}  // namespace

bool has_sha_ni() {
  static const bool present = [] {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & (1u << 29)) != 0;
  }();
  return present;
}

DATAGEN_SHA_TARGET digest256 sha256_ni(const sha256_message& message) {
  const message_plan plan(message);
  auto state = start_state<1>();
  const std::uint8_t* at[1] = {plan.first};
  if (plan.has_first) compress<1>(state, at, 1);
  at[0] = plan.middle;
  compress<1>(state, at, plan.middle_blocks);
  at[0] = plan.tail;
  compress<1>(state, at, plan.tail_blocks);
  digest256 out;
  finish<1>(state, &out);
  return out;
}

DATAGEN_SHA_TARGET void sha256_ni_pair(const sha256_message& a, const sha256_message& b,
                                       digest256* out) {
  if (a.size != b.size || a.prefix_size != b.prefix_size) {
    out[0] = sha256_ni(a);
    out[1] = sha256_ni(b);
    return;
  }
  auto state = start_state<2>();
  if (a.prefix_size == 0 && a.size % 64 == 0) {
    const std::uint8_t* data[2] = {a.data, b.data};
    compress<2>(state, data, a.size / 64);
    compress_block(state, from_padding{a.size * 8});
    return finish<2>(state, out);
  }
  const message_plan plan_a(a);
  const message_plan plan_b(b);
  const std::uint8_t* first[2] = {plan_a.first, plan_b.first};
  if (plan_a.has_first) compress<2>(state, first, 1);
  const std::uint8_t* middle[2] = {plan_a.middle, plan_b.middle};
  compress<2>(state, middle, plan_a.middle_blocks);
  const std::uint8_t* tail[2] = {plan_a.tail, plan_b.tail};
  compress<2>(state, tail, plan_a.tail_blocks);
  finish<2>(state, out);
}

}  // namespace datagen::kernels
