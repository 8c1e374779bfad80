#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "failure.hpp"

namespace datagen::kernels {

/// An array as `numpy.save` writes it: format 1.0 of NumPy's NEP 1, C order, little-endian.
struct npy_array {
  std::string type;                    ///< e.g. "<f4": byte order, kind (f, i, u), bytes
  std::vector<std::uint64_t> shape;    ///< at most npy_dimensions_max
  std::span<const std::uint8_t> data;  ///< points into the file; need not be aligned
};

inline constexpr std::size_t npy_dimensions_max = 8;

/// Reads a whole `.npy` file whose data ends with the file. Refuses other versions, Fortran order
/// and types that are not one little-endian number, each with what was found.
failure read_npy(std::span<const std::uint8_t> file, npy_array& array);

/// Reads the `.npy` file at the front of `bytes` and drops it from them. What follows is not looked
/// at.
failure take_npy(std::span<const std::uint8_t>& bytes, npy_array& array);

/// True when `bytes` starts as a `.npy` file does.
bool starts_with_npy(std::span<const std::uint8_t> bytes);

/// The bytes that `numpy.save` puts before the data of such an array.
std::vector<std::uint8_t> npy_header(std::string_view type, std::span<const std::uint64_t> shape);

/// "(3, 7)", as NumPy shows a shape.
std::string shape_text(std::span<const std::uint64_t> shape);

}  // namespace datagen::kernels
