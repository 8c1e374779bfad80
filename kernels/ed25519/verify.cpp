#include "verify.hpp"

#include "curve.hpp"
#include "sha512.hpp"

namespace datagen::kernels::ed25519 {
namespace {

using number = std::array<std::uint64_t, 4>;

/// The group order L of RFC 8032 section 5.1.
constexpr number order = {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000};

bool below_order(const number& a) {
  for (std::size_t i = 4; i-- > 0;)
    if (a[i] != order[i])
      return a[i] < order[i];
  return false;
}

/// r * 2^32 + word modulo L, for r below L. With L = 2^252 + c and q the part above 2^252, the
/// result is the part below less q * c, plus L when that is negative; q * c is below 2^158.
number shifted_in(const number& r, std::uint32_t word) {
  const std::uint64_t q = r[3] >> 28;  // r < 2^253, so r * 2^32 / 2^252 < 2^33
  number low = {r[0] << 32 | word, r[1] << 32 | r[0] >> 32, r[2] << 32 | r[1] >> 32,
                (r[3] << 32 | r[2] >> 32) & 0x0fffffffffffffff};
  const wide_word first = static_cast<wide_word>(q) * order[0];
  const wide_word second =
    static_cast<wide_word>(q) * order[1] + static_cast<std::uint64_t>(first >> 64);
  const std::uint64_t product[4] = {static_cast<std::uint64_t>(first),
                                    static_cast<std::uint64_t>(second),
                                    static_cast<std::uint64_t>(second >> 64), 0};
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const wide_word t = static_cast<wide_word>(low[i]) - product[i] - borrow;
    low[i] = static_cast<std::uint64_t>(t);
    borrow = static_cast<std::uint64_t>(t >> 64) & 1;
  }
  if (borrow == 0)
    return low;
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const wide_word t = static_cast<wide_word>(low[i]) + order[i] + carry;
    low[i] = static_cast<std::uint64_t>(t);
    carry = static_cast<std::uint64_t>(t >> 64);
  }
  return low;
}

}  // namespace

number modulo_order(const std::array<std::uint8_t, 64>& bytes) {
  number out{};
  for (std::size_t i = 16; i-- > 0;) {
    std::uint32_t word;
    std::memcpy(&word, bytes.data() + 4 * i, 4);
    out = shifted_in(out, word);
  }
  return out;
}

bool is_valid(const std::uint8_t* key, const std::uint8_t* signature,
              std::span<const std::uint8_t> message) {
  number s;
  std::memcpy(s.data(), signature + 32, 32);
  point a, r;
  if (!below_order(s) || !decoded(key, a) || !decoded(signature, r))
    return false;
  const number k = modulo_order(sha512({{signature, 32}, {key, 32}, message}));
  point rest = subtracted(combined(k, negated(a), s), ready(r));  // [S]B - [k]A - R
  for (int i = 0; i < 3; ++i)
    rest = doubled(rest);
  return is_identity(rest);
}

}  // namespace datagen::kernels::ed25519
