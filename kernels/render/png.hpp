#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace datagen::kernels::render {

/// PNG of an 8-bit RGB image (row by row, top first), tagged sRGB.
///
/// Written here, not by libpng and zlib: the file's bytes are a job's result, compared bit for bit
/// between machines, and zlib promises the same pixels after unpacking but not the same packing
/// from one version or build (zlib-ng, Intel, ...) to the next.
std::vector<std::uint8_t> png_of(std::span<const std::uint8_t> rgb, std::uint32_t width,
                                 std::uint32_t height);

/// RFC 1950 stream of `data`; inside one or more dynamic Huffman blocks (RFC 1951).
std::vector<std::uint8_t> deflated(std::span<const std::uint8_t> data);

}  // namespace datagen::kernels::render
