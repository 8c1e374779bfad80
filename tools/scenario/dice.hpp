#pragma once
// The only chance in a scenario: equal seeds give equal throws on every machine.

#include <cstdint>

namespace datagen::scenario {

/// splitmix64 (Steele, Lea, Flood 2014).
class dice {
public:
  explicit dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    auto z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

private:
  std::uint64_t state_;
};

}  // namespace datagen::scenario
