#include "sha512.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace datagen::kernels::ed25519 {
namespace {

__extension__ typedef unsigned __int128 wide;

/// floor(2^64 * square root of p), fractional part.
constexpr std::uint64_t square_root_fraction(std::uint64_t p) {
  std::uint64_t whole = 1;
  while ((whole + 1) * (whole + 1) <= p)
    ++whole;
  std::uint64_t fraction = 0;
  for (int bit = 63; bit >= 0; --bit) {
    const std::uint64_t next = fraction | std::uint64_t{1} << bit;
    // (whole + next/2^64)^2 < p: twice the cross term and the square, times 2^64
    const wide cross = static_cast<wide>(2 * whole) * next;
    const wide square = static_cast<wide>(next) * next >> 64;
    if ((cross + square) >> 64 < p - whole * whole)
      fraction = next;
  }
  return fraction;
}

/// floor(2^64 * cube root of p), fractional part, by comparing cubes in 192 bits.
constexpr std::uint64_t cube_root_fraction(std::uint64_t p) {
  std::uint64_t whole = 1;
  while ((whole + 1) * (whole + 1) * (whole + 1) <= p)
    ++whole;
  std::uint64_t fraction = 0;
  for (int bit = 63; bit >= 0; --bit) {
    const std::uint64_t next = fraction | std::uint64_t{1} << bit;
    // (whole + next / 2^64)^3 <= p, all times 2^192, in four 64-bit limbs
    const std::uint64_t x[2] = {next, whole};
    std::uint64_t square[4] = {}, cube[6] = {};
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0, carry = 0; j < 2 || carry != 0; ++j) {
        const wide t = static_cast<wide>(x[i]) * (j < 2 ? x[j] : 0) + square[i + j] + carry;
        square[i + j] = static_cast<std::uint64_t>(t);
        carry = static_cast<std::uint64_t>(t >> 64);
      }
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0, carry = 0; j < 4 && i + j < 6; ++j) {
        const wide t = static_cast<wide>(x[i]) * square[j] + cube[i + j] + carry;
        cube[i + j] = static_cast<std::uint64_t>(t);
        carry = static_cast<std::uint64_t>(t >> 64);
        if (j == 3)
          cube[i + 4] += carry;
      }
    if (cube[3] < p)
      fraction = next;  // never equal: p is no cube
  }
  return fraction;
}

struct constants {
  std::uint64_t round[80], start[8];
};

/// Fractions of the cube and square roots of the first primes, derived, not copied.
constexpr constants derive() {
  constants out{};
  std::size_t found = 0;
  for (std::uint64_t p = 2; found < 80; ++p) {
    bool prime = true;
    for (std::uint64_t d = 2; d * d <= p; ++d)
      prime = prime && p % d != 0;
    if (!prime)
      continue;
    if (found < 8)
      out.start[found] = square_root_fraction(p);
    out.round[found++] = cube_root_fraction(p);
  }
  return out;
}

constexpr constants k = derive();

void compress(std::uint64_t (&h)[8], const std::uint8_t* block) {
  std::uint64_t w[80];
  for (std::size_t i = 0; i < 16; ++i) {
    std::uint64_t word;
    std::memcpy(&word, block + 8 * i, 8);
    w[i] = __builtin_bswap64(word);
  }
  for (std::size_t i = 16; i < 80; ++i) {
    const std::uint64_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + (std::rotr(a, 1) ^ std::rotr(a, 8) ^ a >> 7) +
           (std::rotr(b, 19) ^ std::rotr(b, 61) ^ b >> 6);
  }
  std::uint64_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], i = h[7];
  for (std::size_t r = 0; r < 80; ++r) {
    const std::uint64_t t1 = i + (std::rotr(e, 14) ^ std::rotr(e, 18) ^ std::rotr(e, 41)) +
                             ((e & f) ^ (~e & g)) + k.round[r] + w[r];
    const std::uint64_t t2 =
      (std::rotr(a, 28) ^ std::rotr(a, 34) ^ std::rotr(a, 39)) + ((a & b) ^ (a & c) ^ (b & c));
    i = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
  }
  h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e, h[5] += f, h[6] += g, h[7] += i;
}

}  // namespace

std::array<std::uint8_t, 64> sha512(std::initializer_list<std::span<const std::uint8_t>> parts) {
  std::uint64_t h[8];
  std::memcpy(h, k.start, sizeof h);
  std::uint8_t block[128];
  std::size_t used = 0;
  std::uint64_t total = 0;
  for (std::span<const std::uint8_t> part : parts) {
    total += part.size();
    while (!part.empty()) {
      const std::size_t take = std::min(part.size(), sizeof block - used);
      std::memcpy(block + used, part.data(), take);
      part = part.subspan(take);
      used += take;
      if (used < sizeof block)
        break;
      compress(h, block);
      used = 0;
    }
  }
  block[used++] = 0x80;
  if (used > 112) {
    std::memset(block + used, 0, sizeof block - used);
    compress(h, block);
    used = 0;
  }
  std::memset(block + used, 0, sizeof block - used);
  const std::uint64_t bits = __builtin_bswap64(total * 8);
  std::memcpy(block + 120, &bits, 8);
  compress(h, block);
  std::array<std::uint8_t, 64> out;
  for (std::size_t i = 0; i < 8; ++i) {
    const std::uint64_t word = __builtin_bswap64(h[i]);
    std::memcpy(out.data() + 8 * i, &word, 8);
  }
  return out;
}

}  // namespace datagen::kernels::ed25519
