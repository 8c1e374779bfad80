#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace datagen::kernels::testing {

/// SplitMix64: small, seeded, the same everywhere.
class random_source {
public:
  explicit random_source(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  std::vector<std::uint8_t> some_bytes(std::size_t count) {
    std::vector<std::uint8_t> out(count);
    for (auto& byte : out)
      byte = static_cast<std::uint8_t>(next());
    return out;
  }

private:
  std::uint64_t state_;
};

}  // namespace datagen::kernels::testing
