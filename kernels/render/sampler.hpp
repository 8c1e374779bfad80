#pragma once

#include "../philox.hpp"

namespace datagen::kernels::render {

/// Two random numbers in [0, 1).
struct unit_pair {
  float u, v;
};

DATAGEN_HD inline std::uint32_t reversed_bits(std::uint32_t x) {
  x = ((x >> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return (x >> 16) | (x << 16);
}

/// Owen scrambling of a number given lowest digit first: each bit depends on the bits below it only.
/// Burley, "Practical hash-based Owen scrambling", JCGT 9(4), 2020, section 3.3.
DATAGEN_HD inline std::uint32_t owen_hashed(std::uint32_t x, std::uint32_t seed) {
  x ^= x * 0x3d20adeau;
  x += seed;
  x *= (seed >> 16) | 1u;
  x ^= x * 0x05526c56u;
  x ^= x * 0x53a22864u;
  return x;
}

/// Second dimension of Sobol's sequence, lowest digit first: digit j is the sum mod 2 of the index
/// digits k with binomial(k, j) odd, which by Lucas are those whose number contains the bits of j.
DATAGEN_HD inline std::uint32_t sobol_second(std::uint32_t x) {
  x ^= (x >> 1) & 0x55555555;
  x ^= (x >> 2) & 0x33333333;
  x ^= (x >> 4) & 0x0f0f0f0f;
  x ^= (x >> 8) & 0x00ff00ff;
  return x ^ (x >> 16);
}

/// Random numbers of one camera path. Each pair of numbers is the sample's point of a shuffled,
/// scrambled Sobol (0,2)-sequence whose seeds are Philox words of (pixel, 2^32 - 1, pair): the
/// samples of a pixel cover the square evenly, and nothing depends on other pixels or on order.
struct sampler {
  std::uint64_t seed;
  std::uint32_t pixel;
  std::uint32_t sample;

  DATAGEN_HD unit_pair pair(std::uint32_t number) const {
    const random_words keys = draw_words(seed, pixel, 0xffffffffu, number);
    const std::uint32_t index = reversed_bits(owen_hashed(reversed_bits(sample), keys.word[0]));
    return {unit_float(reversed_bits(owen_hashed(index, keys.word[1]))),
            unit_float(reversed_bits(owen_hashed(sobol_second(index), keys.word[2])))};
  }
};

}  // namespace datagen::kernels::render
