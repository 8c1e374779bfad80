#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "keys.hpp"
#include "launch.hpp"

/// Stable sort by a 64-bit key, least significant byte first, on several threads. CPU only.
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

/// Turns counts into first places: digits ascending, shares ascending within a digit. False when
/// all items share one digit, so that there is nothing to move.
inline bool starts_of(std::vector<digit_counts>& counts, std::uint64_t total) {
  std::uint64_t at = 0;
  for (std::size_t digit = 0; digit < 256; ++digit) {
    const std::uint64_t before = at;
    for (auto& share : counts) {
      const std::uint64_t here = share[digit];
      share[digit] = at;
      at += here;
    }
    if (at - before == total) return false;
  }
  return true;
}

/// Sorts `items`; `scratch` has the same size. The result does not depend on the thread count.
template <class Item>
failure radix_sort(const run_settings& settings, std::vector<Item>& items,
                   std::vector<Item>& scratch) {
  constexpr std::uint64_t share_min = 1 << 15;
  const std::uint64_t count = items.size();
  const std::uint64_t blocks =
      greatest<std::uint64_t>(1, least<std::uint64_t>(settings.threads, count / share_min));
  const std::uint64_t share = (count + blocks - 1) / blocks;
  std::vector<digit_counts> counts(blocks);
  run_settings quiet = settings;
  quiet.progress = nullptr;
  for (int shift = 0; shift < 64; shift += 8) {
    if (auto bad = launch(quiet, blocks, blocks,
                          count_digits<Item>{items.data(), count, share, shift, counts.data()}))
      return bad;
    if (starts_of(counts, count)) {
      if (auto bad = launch(quiet, blocks, blocks,
                            scatter_digits<Item>{items.data(), count, share, shift, counts.data(),
                                                 scratch.data()}))
        return bad;
      items.swap(scratch);
    }
    settings.report(static_cast<std::uint64_t>(shift) / 8 + 1, 8);
  }
  return {};
}

}  // namespace datagen::kernels
