#include <algorithm>
#include <array>

#include "png.hpp"

namespace datagen::kernels::render {
namespace {

using byte_list = std::vector<std::uint8_t>;

constexpr int code_bits_max = 15;             // RFC 1951 section 3.2.7
constexpr std::size_t block_tokens = 1 << 16;  // fresh codes this often
constexpr std::size_t window = 32768;
constexpr std::size_t match_min = 4;
constexpr std::size_t match_max = 258;
constexpr int chain_max = 24;  // earlier places tried per position

constexpr std::array<std::uint16_t, 29> length_base = {
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258};
constexpr std::array<std::uint8_t, 29> length_extra = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                                       2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
constexpr std::array<std::uint16_t, 30> distance_base = {
    1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
    193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
constexpr std::array<std::uint8_t, 30> distance_extra = {
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};

/// A literal byte (distance 0) or a copy.
struct token {
  std::uint16_t value;  // literal or length
  std::uint16_t distance;
};

template <std::size_t Size>
std::size_t symbol_of(const std::array<std::uint16_t, Size>& base, std::size_t value) {
  return static_cast<std::size_t>(std::upper_bound(base.begin(), base.end(), value) -
                                  base.begin()) - 1;
}

class bit_writer {
 public:
  /// Appends the low `count` bits of `bits`, lowest first.
  void put(std::uint32_t bits, int count) {
    pending_ |= std::uint64_t{bits} << filled_;
    filled_ += count;
    for (; filled_ >= 8; filled_ -= 8, pending_ >>= 8)
      bytes.push_back(static_cast<std::uint8_t>(pending_));
  }
  void finish() {
    if (filled_ > 0) put(0, 8 - filled_);
  }
  byte_list bytes;

 private:
  std::uint64_t pending_ = 0;
  int filled_ = 0;
};

/// Canonical Huffman code for given frequencies, at most 15 bits a symbol.
class code {
 public:
  explicit code(std::vector<std::uint32_t> frequencies) : lengths(frequencies.size(), 0) {
    // Two symbols at least: a code of one is legal for distances only, and not read by all.
    for (std::size_t i = 0; i < 2; ++i) frequencies[i] += frequencies[i] == 0 ? 1 : 0;
    while (!assign(frequencies))
      for (auto& f : frequencies) f = f == 0 ? 0 : f / 2 + 1;  // flatter, so shallower
    number();
  }

  void put(bit_writer& out, std::size_t symbol) const { out.put(codes_[symbol], lengths[symbol]); }

  std::vector<std::uint8_t> lengths;

 private:
  /// Huffman's algorithm with ties by age; false when a code is longer than 15 bits.
  bool assign(const std::vector<std::uint32_t>& frequencies) {
    struct tree {
      std::uint64_t weight;
      std::size_t left, right;
    };
    std::vector<tree> trees;
    std::vector<std::pair<std::uint64_t, std::size_t>> heap;  // (weight, tree), smallest on top
    const auto later = std::greater<>{};
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
      trees.push_back({frequencies[i], 0, 0});
      if (frequencies[i] > 0) heap.emplace_back(frequencies[i], i);
    }
    std::make_heap(heap.begin(), heap.end(), later);
    while (heap.size() > 1) {
      std::pop_heap(heap.begin(), heap.end(), later);
      const auto a = heap.back();
      heap.pop_back();
      std::pop_heap(heap.begin(), heap.end(), later);
      const auto b = heap.back();
      heap.back() = {a.first + b.first, trees.size()};
      trees.push_back({a.first + b.first, a.second, b.second});
      std::push_heap(heap.begin(), heap.end(), later);
    }
    std::vector<int> depth(trees.size(), 0);
    for (std::size_t i = trees.size(); i-- > frequencies.size();)
      depth[trees[i].left] = depth[trees[i].right] = depth[i] + 1;
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
      if (depth[i] > code_bits_max) return false;
      lengths[i] = static_cast<std::uint8_t>(depth[i]);
    }
    return true;
  }

  /// RFC 1951 section 3.2.2, bits reversed because codes are sent highest bit first.
  void number() {
    std::array<std::uint32_t, code_bits_max + 2> next{};
    for (const auto length : lengths)
      if (length > 0) ++next[length + 1u];
    for (std::size_t bits = 1; bits < next.size(); ++bits)
      next[bits] = (next[bits] + next[bits - 1]) << 1;
    codes_.resize(lengths.size());
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      std::uint32_t value = lengths[i] > 0 ? next[lengths[i]]++ : 0;
      for (int bit = 0; bit < lengths[i]; ++bit, value >>= 1)
        codes_[i] = codes_[i] << 1 | (value & 1);
    }
  }

  std::vector<std::uint32_t> codes_;
};

void put_block(bit_writer& out, std::span<const token> tokens, bool last) {
  std::vector<std::uint32_t> literal_use(286, 0);
  std::vector<std::uint32_t> distance_use(30, 0);
  literal_use[256] = 1;
  for (const token t : tokens) {
    if (t.distance == 0) {
      ++literal_use[t.value];
    } else {
      ++literal_use[257 + symbol_of(length_base, t.value)];
      ++distance_use[symbol_of(distance_base, t.distance)];
    }
  }
  const code literals(std::move(literal_use));
  const code distances(std::move(distance_use));
  out.put(last ? 1 : 0, 1);
  out.put(2, 2);          // dynamic codes
  out.put(286 - 257, 5);  // all literal and length codes
  out.put(30 - 1, 5);     // all distance codes
  out.put(19 - 4, 4);     // all code length codes: 16, 17, 18 unused, 0..15 four bits each
  for (int i = 0; i < 19; ++i) out.put(i < 3 ? 0 : 4, 3);
  const auto put_lengths = [&](const std::vector<std::uint8_t>& lengths) {
    for (const auto length : lengths) {
      const std::uint32_t r = length;  // the canonical code of n in four bits is n, reversed here
      out.put((r & 1) << 3 | (r & 2) << 1 | (r & 4) >> 1 | (r & 8) >> 3, 4);
    }
  };
  put_lengths(literals.lengths);
  put_lengths(distances.lengths);
  for (const token t : tokens) {
    if (t.distance == 0) {
      literals.put(out, t.value);
      continue;
    }
    const std::size_t length = symbol_of(length_base, t.value);
    literals.put(out, 257 + length);
    out.put(static_cast<std::uint32_t>(t.value - length_base[length]), length_extra[length]);
    const std::size_t distance = symbol_of(distance_base, t.distance);
    distances.put(out, distance);
    out.put(static_cast<std::uint32_t>(t.distance - distance_base[distance]),
            distance_extra[distance]);
  }
  literals.put(out, 256);
}

/// Greedy LZ77: the longest match among the latest places with the same four bytes.
std::vector<token> tokens_of(std::span<const std::uint8_t> data) {
  std::vector<token> out;
  constexpr std::uint32_t none = 0xffffffffu;
  std::vector<std::uint32_t> heads(1 << 15, none);
  std::vector<std::uint32_t> previous(data.size(), none);
  const auto remember = [&](std::size_t at) {
    if (at + match_min > data.size()) return none;
    const std::uint32_t four = static_cast<std::uint32_t>(data[at]) |
                               static_cast<std::uint32_t>(data[at + 1]) << 8 |
                               static_cast<std::uint32_t>(data[at + 2]) << 16 |
                               static_cast<std::uint32_t>(data[at + 3]) << 24;
    std::uint32_t& head = heads[(four * 0x9e3779b1u) >> 17];
    previous[at] = head;
    head = static_cast<std::uint32_t>(at);
    return previous[at];
  };
  for (std::size_t at = 0; at < data.size();) {
    std::size_t best = 0;
    std::size_t from = 0;
    std::uint32_t candidate = remember(at);
    const std::size_t most = std::min(match_max, data.size() - at);
    for (int tries = 0; candidate != none && tries < chain_max && at - candidate <= window;
         ++tries, candidate = previous[candidate]) {
      std::size_t same = 0;
      while (same < most && data[candidate + same] == data[at + same]) ++same;
      if (same > best) {
        best = same;
        from = candidate;
      }
    }
    if (best < match_min) {
      out.push_back({data[at++], 0});
      continue;
    }
    out.push_back({static_cast<std::uint16_t>(best), static_cast<std::uint16_t>(at - from)});
    for (const std::size_t end = at + best; ++at < end;) (void)remember(at);
  }
  return out;
}

std::uint32_t adler32(std::span<const std::uint8_t> data) {
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const std::uint8_t byte : data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

}  // namespace

std::vector<std::uint8_t> deflated(std::span<const std::uint8_t> data) {
  bit_writer out;
  out.bytes = {0x78, 0x01};  // 32 KiB window, no dictionary
  const auto tokens = tokens_of(data);
  std::size_t at = 0;
  do {
    const std::size_t count = std::min(block_tokens, tokens.size() - at);
    put_block(out, std::span(tokens).subspan(at, count), at + count == tokens.size());
    at += count;
  } while (at < tokens.size());
  out.finish();
  const std::uint32_t check = adler32(data);
  for (int shift = 24; shift >= 0; shift -= 8)
    out.bytes.push_back(static_cast<std::uint8_t>(check >> shift));
  return std::move(out.bytes);
}

}  // namespace datagen::kernels::render
