#include "png.hpp"

#include <array>
#include <cstdlib>

namespace datagen::kernels::render {
namespace {

using byte_list = std::vector<std::uint8_t>;

std::uint32_t crc32(std::span<const std::uint8_t> data) {
  static const auto table = [] {
    std::array<std::uint32_t, 256> out{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t c = i;
      for (int bit = 0; bit < 8; ++bit) c = (c & 1) != 0 ? 0xedb88320u ^ (c >> 1) : c >> 1;
      out[i] = c;
    }
    return out;
  }();
  std::uint32_t crc = 0xffffffffu;
  for (std::uint8_t byte : data) crc = table[(crc ^ byte) & 0xff] ^ (crc >> 8);
  return ~crc;
}

void put_u32(byte_list& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void put_chunk(byte_list& out, const char* name, std::span<const std::uint8_t> data) {
  put_u32(out, static_cast<std::uint32_t>(data.size()));
  const std::size_t begin = out.size();
  out.insert(out.end(), name, name + 4);
  out.insert(out.end(), data.begin(), data.end());
  put_u32(out, crc32(std::span(out).subspan(begin)));
}

/// Paeth's predictor (PNG specification 9.4): the neighbour nearest to left + above - corner.
int paeth(int left, int above, int corner) {
  const int guess = left + above - corner;
  const int to_left = std::abs(guess - left);
  const int to_above = std::abs(guess - above);
  const int to_corner = std::abs(guess - corner);
  if (to_left <= to_above && to_left <= to_corner) return left;
  return to_above <= to_corner ? above : corner;
}

/// One row under filter `type`, the type byte first.
void filter_row(int type, const std::uint8_t* row, const std::uint8_t* previous,
                std::size_t count, std::uint8_t* out) {
  *out++ = static_cast<std::uint8_t>(type);
  for (std::size_t i = 0; i < count; ++i) {
    const int left = i >= 3 ? row[i - 3] : 0;
    const int above = previous != nullptr ? previous[i] : 0;
    const int corner = previous != nullptr && i >= 3 ? previous[i - 3] : 0;
    const int guess[] = {0, left, above, (left + above) / 2, paeth(left, above, corner)};
    out[i] = static_cast<std::uint8_t>(row[i] - guess[type]);
  }
}

/// Every row under the filter whose residuals, taken as signed bytes, add up to least.
byte_list filtered(std::span<const std::uint8_t> rgb, std::uint32_t width, std::uint32_t height) {
  const std::size_t count = std::size_t{width} * 3;
  byte_list out;
  out.reserve((count + 1) * height);
  byte_list best(count + 1);
  byte_list tried(count + 1);
  for (std::size_t y = 0; y < height; ++y) {
    const std::uint8_t* row = rgb.data() + y * count;
    std::uint64_t least_sum = ~std::uint64_t{0};
    for (int type = 0; type < 5; ++type) {
      filter_row(type, row, y > 0 ? row - count : nullptr, count, tried.data());
      std::uint64_t sum = 0;
      for (std::size_t i = 1; i <= count; ++i)
        sum += tried[i] < 128 ? tried[i] : 256u - tried[i];
      if (sum < least_sum) {
        least_sum = sum;
        best.swap(tried);
      }
    }
    out.insert(out.end(), best.begin(), best.end());
  }
  return out;
}

}  // namespace

std::vector<std::uint8_t> png_of(std::span<const std::uint8_t> rgb, std::uint32_t width,
                                 std::uint32_t height) {
  byte_list out = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  byte_list header;
  put_u32(header, width);
  put_u32(header, height);
  const byte_list format = {8, 2, 0, 0, 0};  // 8 bits, RGB, deflate, filters, not interlaced
  header.insert(header.end(), format.begin(), format.end());
  put_chunk(out, "IHDR", header);
  const byte_list intent = {0};  // perceptual
  put_chunk(out, "sRGB", intent);
  put_chunk(out, "IDAT", deflated(filtered(rgb, width, height)));
  put_chunk(out, "IEND", {});
  return out;
}

}  // namespace datagen::kernels::render
