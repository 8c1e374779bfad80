#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "failure.hpp"

/// The input of sort.u64 and topk: "DSU1", u32 zero, u64 count, then `count` keys, little-endian.
namespace datagen::kernels {

inline constexpr std::uint64_t keys_header_bytes = 16;
inline constexpr std::uint64_t keys_max = std::uint64_t{1} << 27;

/// Checks the header and that the keys fill the input.
inline failure parse_keys(std::span<const std::uint8_t> input, std::uint64_t& count) {
  const std::uint64_t size = input.size();
  if (size < keys_header_bytes)
    return bad_input("input is " + std::to_string(size) +
                     " bytes, expected at least the 16-byte header DSU1, 0, count");
  if (std::memcmp(input.data(), "DSU1", 4) != 0)
    return bad_input("input does not start with the four letters DSU1");
  std::uint32_t zero;
  std::memcpy(&zero, input.data() + 4, sizeof zero);
  if (zero != 0)
    return bad_input("the header's second number is " + std::to_string(zero) + ", expected 0");
  std::memcpy(&count, input.data() + 8, sizeof count);
  if (count > keys_max) return over_limit("key count", count, keys_max, "keys");
  if (size != keys_header_bytes + 8 * count)
    return bad_input("input is " + std::to_string(size) + " bytes, but " + std::to_string(count) +
                     " keys need " + std::to_string(keys_header_bytes + 8 * count));
  return {};
}

/// A key and where it stood.
struct indexed_key {
  std::uint64_t key;
  std::uint64_t index;
};

}  // namespace datagen::kernels
