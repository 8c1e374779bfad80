#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "keys.hpp"
#include "launch.hpp"

/// Stable sort by a 64-bit key on several threads: one pass over all items by their highest byte that
/// differs, then each of its 256 parts by the lower bytes, in cache. CPU only.
namespace datagen::kernels {

inline std::uint64_t radix_key(std::uint64_t item) { return item; }
inline std::uint64_t radix_key(const indexed_key& item) { return item.key; }

using digit_counts = std::array<std::uint64_t, 256>;

/// Counts byte `shift / 8` of the items of share `block`.
template <class Item>
struct count_digits {
  const Item* items;
  std::uint64_t count, share;
  int shift;
  digit_counts* out;

  void operator()(std::uint64_t block) const {
    digit_counts counts{};
    const std::uint64_t end = least(count, (block + 1) * share);
    for (std::uint64_t i = block * share; i < end; ++i)
      ++counts[radix_key(items[i]) >> shift & 255];
    out[block] = counts;
  }
};

/// Moves the items of share `block` to their places. They pass through a buffer per digit of one
/// cache line, so that memory is written line by line.
template <class Item>
struct scatter_digits {
  const Item* items;
  std::uint64_t count, share;
  int shift;
  const digit_counts* starts;
  Item* out;

  void operator()(std::uint64_t block) const {
    constexpr std::size_t line = 64 / sizeof(Item);
    alignas(64) Item buffer[256][line];
    digit_counts at = starts[block];
    std::array<std::uint8_t, 256> held{};
    const std::uint64_t end = least(count, (block + 1) * share);
    for (std::uint64_t i = block * share; i < end; ++i) {
      const auto digit = static_cast<std::size_t>(radix_key(items[i]) >> shift & 255);
      buffer[digit][held[digit]++] = items[i];
      if (held[digit] == line) {
        std::memcpy(out + at[digit], buffer[digit], sizeof buffer[digit]);
        at[digit] += line;
        held[digit] = 0;
      }
    }
    for (std::size_t digit = 0; digit < 256; ++digit)
      std::memcpy(out + at[digit], buffer[digit], held[digit] * sizeof(Item));
  }
};

/// Turns counts into first places: digits ascending, shares ascending within a digit.
inline void starts_of(std::vector<digit_counts>& counts) {
  std::uint64_t at = 0;
  for (std::size_t digit = 0; digit < 256; ++digit)
    for (auto& share : counts) at += std::exchange(share[digit], at);
}

/// Bits in which any key of a share differs from the first.
template <class Item>
struct differing_bits {
  const Item* items;
  std::uint64_t count, share;
  std::uint64_t* out;

  void operator()(std::uint64_t block) const {
    const std::uint64_t first = radix_key(items[0]);
    const std::uint64_t end = least(count, (block + 1) * share);
    std::uint64_t bits = 0;
    for (std::uint64_t i = block * share; i < end; ++i) bits |= radix_key(items[i]) ^ first;
    out[block] = bits;
  }
};

/// Sorts one part by the bytes below `shift`, least significant first.
template <class Item>
struct sort_part {
  Item* items;
  Item* scratch;
  const std::uint64_t* begins;  ///< of the parts, and the end
  int shift;

  void operator()(std::uint64_t part) const {
    const std::uint64_t count = begins[part + 1] - begins[part];
    Item* from = items + begins[part];
    Item* to = scratch + begins[part];
    if (count < 2) return;
    std::array<digit_counts, 8> counts{};
    for (std::uint64_t i = 0; i < count; ++i)
      for (int byte = 0; 8 * byte < shift; ++byte)
        ++counts[static_cast<std::size_t>(byte)][radix_key(from[i]) >> (8 * byte) & 255];
    for (int byte = 0; 8 * byte < shift; ++byte) {
      auto& at = counts[static_cast<std::size_t>(byte)];
      if (at[radix_key(from[0]) >> (8 * byte) & 255] == count) continue;
      std::uint64_t start = 0;
      for (auto& place : at) start += std::exchange(place, start);
      for (std::uint64_t i = 0; i < count; ++i)
        to[at[radix_key(from[i]) >> (8 * byte) & 255]++] = from[i];
      std::swap(from, to);
    }
    if (from != items + begins[part])
      std::memcpy(items + begins[part], from, count * sizeof(Item));
  }
};

/// Sorts `items`; `scratch` has the same size. The result does not depend on the thread count.
template <class Item>
failure radix_sort(const run_settings& settings, std::vector<Item>& items,
                   std::vector<Item>& scratch) {
  constexpr std::uint64_t share_min = 1 << 15;
  const std::uint64_t count = items.size();
  const std::uint64_t blocks =
      greatest<std::uint64_t>(1, least<std::uint64_t>(settings.threads, count / share_min));
  const std::uint64_t share = (count + blocks - 1) / blocks;
  run_settings quiet = settings;
  quiet.progress = nullptr;
  std::vector<std::uint64_t> differing(blocks);
  if (auto bad = launch(quiet, blocks, blocks,
                        differing_bits<Item>{items.data(), count, share, differing.data()}))
    return bad;
  std::uint64_t bits = 0;
  for (std::uint64_t x : differing) bits |= x;
  if (bits == 0) return {};  // all keys are equal
  const int shift = (static_cast<int>(std::bit_width(bits)) - 1) / 8 * 8;
  std::vector<digit_counts> counts(blocks);
  if (auto bad = launch(quiet, blocks, blocks,
                        count_digits<Item>{items.data(), count, share, shift, counts.data()}))
    return bad;
  starts_of(counts);
  std::array<std::uint64_t, 257> begins;
  std::copy(counts[0].begin(), counts[0].end(), begins.begin());
  begins[256] = count;
  if (auto bad = launch(quiet, blocks, blocks,
                        scatter_digits<Item>{items.data(), count, share, shift, counts.data(),
                                             scratch.data()}))
    return bad;
  items.swap(scratch);
  return launch(settings, 256, 256,
                sort_part<Item>{items.data(), scratch.data(), begins.data(), shift});
}

}  // namespace datagen::kernels
