#pragma once

#include "host_device.hpp"

namespace datagen::kernels {

/// Four random words.
struct random_words {
  std::uint32_t word[4];
};

/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011).
/// Profile rule 7: counter = (item, sample, draw, 0), key = job seed, nothing carried over.
DATAGEN_HD inline random_words philox(random_words counter, std::uint32_t key0,
                                      std::uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xd2511f53} * counter.word[0];
    const std::uint64_t b = std::uint64_t{0xcd9e8d57} * counter.word[2];
    counter = {{static_cast<std::uint32_t>(b >> 32) ^ counter.word[1] ^ key0,
                static_cast<std::uint32_t>(b),
                static_cast<std::uint32_t>(a >> 32) ^ counter.word[3] ^ key1,
                static_cast<std::uint32_t>(a)}};
    key0 += 0x9e3779b9;
    key1 += 0xbb67ae85;
  }
  return counter;
}

/// The words of (item, sample, draw) for a job's seed.
DATAGEN_HD inline random_words draw_words(std::uint64_t seed, std::uint32_t item,
                                          std::uint32_t sample, std::uint32_t draw) {
  return philox({{item, sample, draw, 0}}, static_cast<std::uint32_t>(seed),
                static_cast<std::uint32_t>(seed >> 32));
}

/// A word as f32 in [0, 1), 24 bits.
DATAGEN_HD inline float unit_float(std::uint32_t word) {
  return static_cast<float>(word >> 8) * 0x1p-24f;
}

/// A word as f64 strictly inside (0, 1).
DATAGEN_HD inline double open_unit(std::uint32_t word) {
  return (static_cast<double>(word) + 0.5) * 0x1p-32;
}

}  // namespace datagen::kernels
