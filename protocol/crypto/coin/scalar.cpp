#include "protocol/crypto/coin/scalar.hpp"

#include <algorithm>

namespace datagen::protocol {

namespace {

/// 256 bits, the lowest 64 first.
using limbs = std::array<std::uint64_t, 4>;

constexpr limbs order{0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff,
                      0xffffffff00000000};
/// -1/N modulo 2^64, and R^2 modulo N with R = 2^256 (Montgomery 1985).
constexpr std::uint64_t negative_inverse = 0xccd1c8aaee00bc4f;
constexpr limbs r_squared{0x83244c95be79eea2, 0x4699799c49bd6fa6, 0x2845b2392b6bec59,
                          0x66e12d94f3d95620};

bool less(const limbs& a, const limbs& b) {
  return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
}
/// a - b modulo 2^256.
limbs difference(const limbs& a, const limbs& b) {
  limbs result;
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const auto x = static_cast<uint128>(a[i]) - b[i] - borrow;
    result[i] = static_cast<std::uint64_t>(x);
    borrow = static_cast<std::uint64_t>(x >> 64) & 1;
  }
  return result;
}
/// Modulo N, of anything below 2 N; `carry` is bit 256.
limbs folded(const limbs& x, std::uint64_t carry = 0) {
  return carry != 0 || !less(x, order) ? difference(x, order) : x;
}

/// Any 32 bytes modulo N: 2^256 is below 2 N.
limbs number(const coin_scalar& x) {
  limbs result{};
  for (std::size_t i = 0; i < x.value.size(); ++i)
    result[3 - i / 8] = result[3 - i / 8] << 8 | x.value[i];
  return folded(result);
}
coin_scalar scalar(const limbs& x) {
  coin_scalar result;
  for (std::size_t i = 0; i < result.value.size(); ++i)
    result.value[i] = static_cast<std::uint8_t>(x[3 - i / 8] >> (56 - 8 * (i % 8)));
  return result;
}

limbs sum(const limbs& a, const limbs& b) {
  limbs result;
  uint128 carry = 0;
  for (std::size_t i = 0; i < result.size(); ++i) {
    carry += static_cast<uint128>(a[i]) + b[i];
    result[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return folded(result, static_cast<std::uint64_t>(carry));
}

/// a b / R modulo N, limb by limb (Koç, Acar, Kaliski 1996, CIOS). @pre both below N
limbs montgomery(const limbs& a, const limbs& b) {
  std::array<std::uint64_t, 6> t{};
  for (const auto x : a) {
    uint128 carry = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      carry += static_cast<uint128>(x) * b[i] + t[i];
      t[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    carry += t[4];
    t[4] = static_cast<std::uint64_t>(carry);
    t[5] = static_cast<std::uint64_t>(carry >> 64);
    const auto m = t[0] * negative_inverse;
    carry = (static_cast<uint128>(m) * order[0] + t[0]) >> 64;
    for (std::size_t i = 1; i < 4; ++i) {
      carry += static_cast<uint128>(m) * order[i] + t[i];
      t[i - 1] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    carry += t[4];
    t[3] = static_cast<std::uint64_t>(carry);
    t[4] = t[5] + static_cast<std::uint64_t>(carry >> 64);
  }
  return folded({t[0], t[1], t[2], t[3]}, t[4]);
}

limbs product(const limbs& a, const limbs& b) { return montgomery(montgomery(a, b), r_squared); }

/// a^(N - 2): Fermat's little theorem.
limbs inverse(const limbs& a) {
  const auto exponent = difference(order, {2});
  limbs result{1};
  for (std::size_t bit = 256; bit-- > 0;) {
    result = product(result, result);
    if ((exponent[bit / 64] >> (bit % 64) & 1) != 0)
      result = product(result, a);
  }
  return result;
}

}  // namespace

coin_scalar scalar_of(std::uint64_t x) { return scalar({x}); }

bool reduced(const coin_scalar& x) { return x < scalar(order); }

coin_scalar reduce(byte_view x) {
  limbs result{};
  // 32 bytes at a time, of which the first ones may be fewer: result R + piece.
  while (!x.empty()) {
    const auto taken = x.size() % 32 == 0 ? 32 : x.size() % 32;
    coin_scalar piece;
    std::copy_n(x.begin(), taken, piece.value.end() - static_cast<std::ptrdiff_t>(taken));
    result = sum(montgomery(result, r_squared), number(piece));
    x = x.subspan(taken);
  }
  return scalar(result);
}

coin_scalar add(const coin_scalar& a, const coin_scalar& b) {
  return scalar(sum(number(a), number(b)));
}

coin_scalar multiply(const coin_scalar& a, const coin_scalar& b) {
  return scalar(product(number(a), number(b)));
}

coin_scalar negate(const coin_scalar& a) { return scalar(folded(difference(order, number(a)))); }

coin_scalar invert(const coin_scalar& a) {
  const auto x = number(a);
  invariant(x != limbs{}, "0 has no inverse");
  return scalar(inverse(x));
}

coin_scalar evaluate(std::span<const coin_scalar> polynomial, std::uint64_t x) {
  limbs result{};
  for (auto it = polynomial.rbegin(); it != polynomial.rend(); ++it)
    result = sum(product(result, {x}), number(*it));
  return scalar(result);
}

std::vector<coin_scalar> lagrange_at_zero(std::span<const std::uint64_t> xs) {
  // One inverse for all: of the product of what stands below.
  std::vector<limbs> above, below, before{limbs{1}};
  for (const auto i : xs) {
    above.push_back({1});
    below.push_back({1});
    for (const auto j : xs)
      if (j != i) {
        above.back() = product(above.back(), {j});
        below.back() = product(below.back(), j > i ? limbs{j - i} : difference(order, {i - j}));
      }
    before.push_back(product(before.back(), below.back()));
  }
  auto rest = inverse(before.back());
  std::vector<coin_scalar> result(xs.size());
  for (auto i = xs.size(); i-- > 0;) {
    result[i] = scalar(product(above[i], product(rest, before[i])));
    rest = product(rest, below[i]);
  }
  return result;
}

}  // namespace datagen::protocol
