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
/// differs, then each of its 256 parts by the lower bits, in cache. CPU only.
namespace datagen::kernels {

inline std::uint64_t radix_key(std::uint64_t item) { return item; }
inline std::uint64_t radix_key(const indexed_key& item) { return item.key; }

using digit_counts = std::array<std::uint64_t, 256>;

/// What is known of one share of the items.
struct share_facts {
  digit_counts counts{};        ///< of one byte of the keys
  std::uint64_t differing = 0;  ///< bits in which any key differs from the first item's
};

/// Counts byte `shift / 8` of the items of share `block`.
template <class Item>
struct survey {
  const Item* items;
  std::uint64_t count, share;
  int shift;
  share_facts* out;

  void operator()(std::uint64_t block) const {
    share_facts facts;
    const std::uint64_t first = radix_key(items[0]);
    const std::uint64_t end = least(count, (block + 1) * share);
    for (std::uint64_t i = block * share; i < end; ++i) {
      const std::uint64_t key = radix_key(items[i]);
      facts.differing |= key ^ first;
      ++facts.counts[key >> shift & 255];
    }
    out[block] = facts;
  }
};

/// Moves the items of share `block` to their places. They pass through a buffer per digit of one
/// cache line, so that memory is written line by line.
template <class Item>
struct scatter_digits {
  const Item* items;
  std::uint64_t count, share;
  int shift;
  const share_facts* starts;
  Item* out;

  void operator()(std::uint64_t block) const {
    constexpr std::size_t line = 64 / sizeof(Item);
    alignas(64) Item buffer[256][line];
    digit_counts at = starts[block].counts;
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
inline void starts_of(std::vector<share_facts>& shares) {
  std::uint64_t at = 0;
  for (std::size_t digit = 0; digit < 256; ++digit)
    for (auto& share : shares) at += std::exchange(share.counts[digit], at);
}

/// Up to so many items are put in order one by one: an eighth of a microsecond each way.
inline constexpr std::uint64_t insertion_max = 48;

/// Puts `count` items of `from` in order into `to`; equal keys keep their order.
template <class Item>
void insert_in_order(const Item* from, std::uint64_t count, Item* to) {
  for (std::uint64_t i = 0; i < count; ++i) {
    const Item item = from[i];
    std::uint64_t at = i;
    for (; at > 0 && radix_key(item) < radix_key(to[at - 1]); --at) to[at] = to[at - 1];
    to[at] = item;
  }
}

/// Puts `count` items of `from` in order into `to` by the bits below `bits`, least significant byte
/// first; uses up `from`.
template <class Item>
void sort_bytes(Item* from, std::uint64_t count, Item* to, int bits) {
  Item* const target = to;
  std::array<digit_counts, 8> counts{};
  for (std::uint64_t i = 0; i < count; ++i)
    for (int byte = 0; 8 * byte < bits; ++byte)
      ++counts[static_cast<std::size_t>(byte)][radix_key(from[i]) >> (8 * byte) & 255];
  for (int byte = 0; 8 * byte < bits; ++byte) {
    auto& at = counts[static_cast<std::size_t>(byte)];
    if (at[radix_key(from[0]) >> (8 * byte) & 255] == count) continue;
    std::uint64_t start = 0;
    for (auto& place : at) start += std::exchange(place, start);
    for (std::uint64_t i = 0; i < count; ++i)
      to[at[radix_key(from[i]) >> (8 * byte) & 255]++] = from[i];
    std::swap(from, to);
  }
  if (from != target) std::memcpy(target, from, count * sizeof(Item));
}

/// Sorts one part by the bits below `shift`: by the highest twelve of them at once, which leaves
/// handfuls where keys are spread, and those one by one.
template <class Item>
struct sort_part {
  Item* items;
  Item* scratch;
  const std::uint64_t* begins;  ///< of the parts, and the end
  int shift;

  void operator()(std::uint64_t part) const {
    constexpr int digit_bits = 12;
    const std::uint64_t count = begins[part + 1] - begins[part];
    Item* const own = items + begins[part];
    Item* const spare = scratch + begins[part];
    if (count < 2 || shift == 0) return;
    const int low = shift > digit_bits ? shift - digit_bits : 0;
    const std::uint64_t mask = (std::uint64_t{1} << (shift - low)) - 1;
    std::array<std::uint32_t, (1 << digit_bits) + 1> ends{};
    const auto digit = [&](const Item& x) {
      return static_cast<std::size_t>(radix_key(x) >> low & mask);
    };
    for (std::uint64_t i = 0; i < count; ++i) ++ends[digit(own[i]) + 1];
    for (std::size_t d = 1; d < ends.size(); ++d) ends[d] += ends[d - 1];
    for (std::uint64_t i = 0; i < count; ++i) spare[ends[digit(own[i])]++] = own[i];
    std::uint32_t begin = 0;  // ends[d] has become the end of digit d
    for (std::uint64_t d = 0; d <= mask; begin = ends[d++]) {
      const std::uint64_t size = ends[d] - begin;
      if (low > 0 && size > insertion_max)
        sort_bytes(spare + begin, size, own + begin, low);
      else
        insert_in_order(spare + begin, size, own + begin);
    }
  }
};

/// Sorts `count` items of `source` into `target`; `spare` has room for as many. The result does not
/// depend on the thread count.
template <class Item>
failure radix_sort(const run_settings& settings, const Item* source, std::uint64_t count,
                   Item* target, Item* spare) {
  constexpr std::uint64_t share_min = 1 << 15;
  const std::uint64_t blocks =
      greatest<std::uint64_t>(1, least<std::uint64_t>(settings.threads, count / share_min));
  const std::uint64_t share = (count + blocks - 1) / blocks;
  run_settings quiet = settings;
  quiet.progress = nullptr;
  std::vector<share_facts> shares(blocks);
  int shift = 56;  // right at once where keys fill their 64 bits
  const auto count_at = [&] {
    return launch(quiet, blocks, blocks,
                  survey<Item>{source, count, share, shift, shares.data()});
  };
  if (auto bad = count_at()) return bad;
  std::uint64_t bits = 0;
  for (const auto& x : shares) bits |= x.differing;
  if (bits == 0) {  // all keys are equal
    std::memcpy(target, source, count * sizeof(Item));
    return {};
  }
  if (const int highest = (static_cast<int>(std::bit_width(bits)) - 1) / 8 * 8; highest != shift) {
    shift = highest;
    if (auto bad = count_at()) return bad;
  }
  starts_of(shares);
  std::array<std::uint64_t, 257> begins;
  std::copy(shares[0].counts.begin(), shares[0].counts.end(), begins.begin());
  begins[256] = count;
  if (auto bad = launch(quiet, blocks, blocks,
                        scatter_digits<Item>{source, count, share, shift, shares.data(), target}))
    return bad;
  return launch(settings, 256, 256, sort_part<Item>{target, spare, begins.data(), shift});
}

}  // namespace datagen::kernels
