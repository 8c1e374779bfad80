#pragma once

#include <string>

#include "host_device.hpp"

namespace datagen::kernels {

/// Sums that no order of adding can change.
__extension__ typedef unsigned __int128 wide_integer;

/// The whole number nearest to `value`, ties to even. @pre 0 <= value < 2^96
DATAGEN_HD inline wide_integer rounded_integer(double value) {
  constexpr double whole = 0x1p52;  // from here on every f64 is a whole number
  if (value < whole) value = (value + whole) - whole;
  const auto high = static_cast<std::uint64_t>(value * 0x1p-32);  // truncates, exactly
  const double low = value - static_cast<double>(high) * 0x1p32;
  return (wide_integer{high} << 32) + static_cast<std::uint64_t>(low);
}

/// Decimal digits.
inline std::string integer_text(wide_integer value) {
  std::string out;
  do {
    out.insert(out.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  return out;
}

/// numerator / denominator with twelve decimals, half up. @pre denominator <= 2^80
inline std::string decimal_text(wide_integer numerator, wide_integer denominator) {
  constexpr std::uint64_t scale = 1000000000000;
  wide_integer whole = numerator / denominator;
  wide_integer fraction =
      (2 * (numerator % denominator) * scale + denominator) / (2 * denominator);
  if (fraction == scale) {
    whole += 1;
    fraction = 0;
  }
  std::string digits = integer_text(fraction);
  digits.insert(0, 12 - digits.size(), '0');
  return integer_text(whole) + "." + digits;
}

}  // namespace datagen::kernels
