#pragma once

#include <cmath>
#include <cstdint>

namespace datagen::equality {

/// SplitMix64: the same numbers on every machine.
class random_source {
 public:
  explicit random_source(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  /// In [0, bound).
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  /// In [low, high], every power of two about as likely as the next.
  std::uint64_t magnitude(std::uint64_t low, std::uint64_t high) {
    int bits = 0;
    while ((high - low) >> bits != 0) ++bits;
    const std::uint64_t mask = (std::uint64_t{1} << below(static_cast<std::uint64_t>(bits) + 1)) - 1;
    const std::uint64_t value = low + (next() & mask);
    return value < high ? value : high;
  }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace datagen::equality
