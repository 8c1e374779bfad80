#include "curve.hpp"

namespace datagen::kernels::ed25519 {
namespace {

/// The numbers of a sum or a doubling before the last products: x = e f, y = g h, z = f g, t = e h.
struct factors {
  field e, f, g, h;
};

/// A point without its t, which a doubling does not read.
struct flat_point {
  field x, y, z;
};

factors doubling(const flat_point& p) {
  const field xx = squared(p.x), yy = squared(p.y), zz = squared(p.z), both = squared(p.x + p.y);
  const field sum = yy + xx;
  return {both - sum, zz + zz + xx - yy, yy - xx, sum};
}

factors addition(const point& p, const addend& q) {
  const field a = (p.y - p.x) * q.difference, b = (p.y + p.x) * q.sum;
  const field c = p.t * q.t2d, d = p.z * q.twice_z;
  return {b - a, d - c, d + c, b + a};
}

factors subtraction(const point& p, const addend& q) {
  const field a = (p.y - p.x) * q.sum, b = (p.y + p.x) * q.difference;
  const field c = p.t * q.t2d, d = p.z * q.twice_z;
  return {b - a, d + c, d - c, b + a};
}

point whole(const factors& s) { return {s.e * s.f, s.g * s.h, s.f * s.g, s.e * s.h}; }
flat_point flat(const factors& s) { return {s.e * s.f, s.g * s.h, s.f * s.g}; }

/// Numbers of the curve, derived from RFC 8032 section 5.1 rather than copied.
struct curve_numbers {
  field d = (small_number(0) - small_number(121665)) * inverse(small_number(121666));
  field twice_d = d * small_number(2);
  /// sqrt(-1) = 2^((p-1)/4), because 2 is no square; (p-1)/4 = 2 * (p-5)/8 + 1.
  field root = squared(root_power(small_number(2))) * small_number(2);
};

const curve_numbers& numbers() {
  static const curve_numbers instance;
  return instance;
}

/// Odd multiples 1, 3, 5, ... of p.
template <std::size_t Count>
std::array<addend, Count> odd_multiples(point p) {
  std::array<addend, Count> out;
  const addend two = ready(doubled(p));
  for (addend& x : out) {
    x = ready(p);
    p = added(p, two);
  }
  return out;
}

constexpr std::size_t base_count = 64;
constexpr std::size_t point_count = 8;

/// Of the base point: y = 4/5, x even.
const std::array<addend, base_count>& base_multiples() {
  static const auto instance = [] {
    std::uint8_t bytes[32];
    store(small_number(4) * inverse(small_number(5)), bytes);
    point base;
    decoded(bytes, base);
    return odd_multiples<base_count>(base);
  }();
  return instance;
}

using digits = std::array<std::int16_t, 256>;

/// Adds `step` = digit b places up into digit i, or borrows it from above; false when neither fits.
bool absorb(digits& digit, std::size_t i, std::size_t b, int limit) {
  const int step = digit[i + b] * (1 << b);
  if (digit[i] + step <= limit) {
    digit[i] = static_cast<std::int16_t>(digit[i] + step);
    digit[i + b] = 0;
    return true;
  }
  if (digit[i] - step < -limit)
    return false;
  digit[i] = static_cast<std::int16_t>(digit[i] - step);
  std::size_t k = i + b;
  while (k < digit.size() && digit[k] != 0)
    digit[k++] = 0;
  if (k < digit.size())
    digit[k] = 1;
  return true;
}

/// Sliding windows: sum of digit[i] * 2^i = a, each digit 0 or odd and at most `limit` in size.
digits recoded(const std::array<std::uint64_t, 4>& a, int limit) {
  digits out;
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<std::int16_t>(a[i / 64] >> (i % 64) & 1);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] == 0)
      continue;
    for (std::size_t b = 1; i + b < out.size() && (1 << b) <= 2 * limit; ++b)
      if (out[i + b] != 0 && !absorb(out, i, b, limit))
        break;
  }
  return out;
}

template <std::size_t Count>
factors add_digit(const factors& sum, int digit, const std::array<addend, Count>& multiples) {
  const addend& q = multiples[static_cast<std::size_t>((digit < 0 ? -digit : digit) / 2)];
  return digit > 0 ? addition(whole(sum), q) : subtraction(whole(sum), q);
}

}  // namespace

addend ready(const point& p) { return {p.y + p.x, p.y - p.x, p.z + p.z, p.t * numbers().twice_d}; }

point negated(const point& p) {
  const field zero = small_number(0);
  return {zero - p.x, p.y, p.z, zero - p.t};
}

point doubled(const point& p) { return whole(doubling({p.x, p.y, p.z})); }
point added(const point& p, const addend& q) { return whole(addition(p, q)); }
point subtracted(const point& p, const addend& q) { return whole(subtraction(p, q)); }

bool is_identity(const point& p) { return is_zero(p.x) && is_zero(p.y - p.z); }

bool decoded(const std::uint8_t* bytes, point& out) {
  const field y = load(bytes), yy = squared(y), one = small_number(1);
  const field u = yy - one, v = numbers().d * yy + one;  // x^2 = u / v
  const field v3 = squared(v) * v;
  field x = u * v3 * root_power(u * (squared(v3) * v));  // RFC 8032, 5.1.3: (u/v)^((p+3)/8)
  const field found = v * squared(x);
  if (!is_zero(u - found)) {
    if (!is_zero(u + found))
      return false;
    x = x * numbers().root;
  }
  if (is_odd(x) != (bytes[31] >> 7 != 0))
    x = (small_number(0) - x) * one;
  out = {x, y, one, x * y};
  return true;
}

point combined(const std::array<std::uint64_t, 4>& a, const point& p,
               const std::array<std::uint64_t, 4>& b) {
  const auto multiples = odd_multiples<point_count>(p);
  const digits of_p = recoded(a, 2 * point_count - 1);
  const digits of_base = recoded(b, 2 * base_count - 1);
  std::size_t top = 256;
  while (top > 1 && of_p[top - 1] == 0 && of_base[top - 1] == 0)
    --top;
  flat_point sum{small_number(0), small_number(1), small_number(1)};
  for (std::size_t i = top;;) {
    --i;
    factors s = doubling(sum);
    if (of_p[i] != 0)
      s = add_digit(s, of_p[i], multiples);
    if (of_base[i] != 0)
      s = add_digit(s, of_base[i], base_multiples());
    if (i == 0)
      return whole(s);
    sum = flat(s);
  }
}

}  // namespace datagen::kernels::ed25519
