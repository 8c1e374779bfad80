#pragma once

#include <cstdint>
#include <cstring>

namespace datagen::kernels::ed25519 {

__extension__ typedef unsigned __int128 wide_word;

/// A number modulo p = 2^255 - 19 in five limbs of 51 bits, not unique until stored. Results of
/// products have limbs below 2^52, sums and differences below 2^54; products accept both.
struct field {
  std::uint64_t limb[5];
};

inline constexpr std::uint64_t limb_mask = (std::uint64_t{1} << 51) - 1;

inline field small_number(std::uint64_t value) { return {{value, 0, 0, 0, 0}}; }

inline field operator+(const field& a, const field& b) {
  field out;
  for (int i = 0; i < 5; ++i)
    out.limb[i] = a.limb[i] + b.limb[i];
  return out;
}

/// @pre b's limbs are below 2^53
inline field operator-(const field& a, const field& b) {
  constexpr std::uint64_t four_p[5] = {0x1fffffffffffb4, 0x1ffffffffffffc, 0x1ffffffffffffc,
                                       0x1ffffffffffffc, 0x1ffffffffffffc};
  field out;
  for (int i = 0; i < 5; ++i)
    out.limb[i] = a.limb[i] + four_p[i] - b.limb[i];
  return out;
}

/// Brings 128-bit limbs below 2^52.
inline field carried(wide_word (&r)[5]) {
  field out;
  for (int i = 0; i < 4; ++i) {
    r[i + 1] += static_cast<std::uint64_t>(r[i] >> 51);
    out.limb[i] = static_cast<std::uint64_t>(r[i]) & limb_mask;
  }
  out.limb[4] = static_cast<std::uint64_t>(r[4]) & limb_mask;
  out.limb[0] += 19 * static_cast<std::uint64_t>(r[4] >> 51);
  out.limb[1] += out.limb[0] >> 51;
  out.limb[0] &= limb_mask;
  return out;
}

inline field operator*(const field& a, const field& b) {
  const std::uint64_t *x = a.limb, *y = b.limb;
  const std::uint64_t y1 = 19 * y[1], y2 = 19 * y[2], y3 = 19 * y[3], y4 = 19 * y[4];
  const auto m = [](std::uint64_t u, std::uint64_t v) { return static_cast<wide_word>(u) * v; };
  wide_word r[5] = {m(x[0], y[0]) + m(x[1], y4) + m(x[2], y3) + m(x[3], y2) + m(x[4], y1),
                    m(x[0], y[1]) + m(x[1], y[0]) + m(x[2], y4) + m(x[3], y3) + m(x[4], y2),
                    m(x[0], y[2]) + m(x[1], y[1]) + m(x[2], y[0]) + m(x[3], y4) + m(x[4], y3),
                    m(x[0], y[3]) + m(x[1], y[2]) + m(x[2], y[1]) + m(x[3], y[0]) + m(x[4], y4),
                    m(x[0], y[4]) + m(x[1], y[3]) + m(x[2], y[2]) + m(x[3], y[1]) + m(x[4], y[0])};
  return carried(r);
}

inline field squared(const field& a) {
  const std::uint64_t* x = a.limb;
  const std::uint64_t d0 = 2 * x[0], d1 = 2 * x[1], x3 = 19 * x[3], x4 = 19 * x[4];
  const auto m = [](std::uint64_t u, std::uint64_t v) { return static_cast<wide_word>(u) * v; };
  wide_word r[5] = {
    m(x[0], x[0]) + m(d1, x4) + m(2 * x[2], x3), m(d0, x[1]) + m(2 * x[2], x4) + m(x[3], x3),
    m(d0, x[2]) + m(x[1], x[1]) + m(2 * x[3], x4), m(d0, x[3]) + m(d1, x[2]) + m(x[4], x4),
    m(d0, x[4]) + m(d1, x[3]) + m(x[2], x[2])};
  return carried(r);
}

inline field squared_times(field a, int count) {
  for (int i = 0; i < count; ++i)
    a = squared(a);
  return a;
}

/// a^(2^250 - 1), the start of both powers below.
inline field long_power(const field& a) {
  const field a2 = squared(a);
  const field a9 = squared_times(a2, 2) * a;
  const field p5 = squared(a9 * a2) * a9;  // a^(2^5 - 1)
  const field p10 = squared_times(p5, 5) * p5;
  const field p20 = squared_times(p10, 10) * p10;
  const field p40 = squared_times(p20, 20) * p20;
  const field p50 = squared_times(p40, 10) * p10;
  const field p100 = squared_times(p50, 50) * p50;
  const field p200 = squared_times(p100, 100) * p100;
  return squared_times(p200, 50) * p50;
}

/// a^(p - 2), the inverse; 0 for 0.
inline field inverse(const field& a) {
  const field a3 = squared(a) * a;
  return squared_times(long_power(a), 5) * (squared_times(a, 3) * a3);
}

/// a^((p - 5) / 8) = a^(2^252 - 3).
inline field root_power(const field& a) { return squared_times(long_power(a), 2) * a; }

/// The 32 bytes of the one representative below p.
inline void store(const field& a, std::uint8_t (&out)[32]) {
  std::uint64_t t[5];
  std::memcpy(t, a.limb, sizeof t);
  for (int pass = 0; pass < 2; ++pass) {
    for (int i = 0; i < 4; ++i)
      t[i + 1] += t[i] >> 51, t[i] &= limb_mask;
    t[0] += 19 * (t[4] >> 51);
    t[4] &= limb_mask;
  }
  std::uint64_t quotient = (t[0] + 19) >> 51;  // 1 when t >= p
  for (int i = 1; i < 5; ++i)
    quotient = (t[i] + quotient) >> 51;
  t[0] += 19 * quotient;
  for (int i = 0; i < 4; ++i)
    t[i + 1] += t[i] >> 51, t[i] &= limb_mask;
  t[4] &= limb_mask;
  const std::uint64_t words[4] = {t[0] | t[1] << 51, t[1] >> 13 | t[2] << 38,
                                  t[2] >> 26 | t[3] << 25, t[3] >> 39 | t[4] << 12};
  std::memcpy(out, words, 32);
}

/// Any 255-bit number, p and above too; bit 255 is not looked at.
inline field load(const std::uint8_t* bytes) {
  std::uint64_t w[4];
  std::memcpy(w, bytes, 32);
  return {{w[0] & limb_mask, (w[0] >> 51 | w[1] << 13) & limb_mask,
           (w[1] >> 38 | w[2] << 26) & limb_mask, (w[2] >> 25 | w[3] << 39) & limb_mask,
           (w[3] >> 12) & limb_mask}};
}

inline bool is_zero(const field& a) {
  std::uint8_t bytes[32];
  store(a, bytes);
  std::uint8_t any = 0;
  for (std::uint8_t byte : bytes)
    any |= byte;
  return any == 0;
}

inline bool is_odd(const field& a) {
  std::uint8_t bytes[32];
  store(a, bytes);
  return (bytes[0] & 1) != 0;
}

}  // namespace datagen::kernels::ed25519
