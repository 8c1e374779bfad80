#include "protocol/types.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace datagen::protocol {

void stop_on_broken_invariant(const char* what) {
  std::fprintf(stderr, "datagen: broken invariant: %s\n", what);
  std::abort();
}

amount operator+(amount a, amount b) {
  const uint128 sum = a.units + b.units;
  invariant(sum >= a.units, "amount addition overflows 128 bits");
  return {sum};
}

amount operator-(amount a, amount b) {
  invariant(a.units >= b.units, "amount subtraction below zero");
  return {a.units - b.units};
}

amount& operator+=(amount& a, amount b) { return a = a + b; }
amount& operator-=(amount& a, amount b) { return a = a - b; }
amount min(amount a, amount b) { return a < b ? a : b; }

namespace {

struct wide {
  uint128 high;
  uint128 low;
};

wide multiply(uint128 a, uint128 b) {
  constexpr uint128 mask = (static_cast<uint128>(1) << 64) - 1;
  const uint128 a0 = a & mask, a1 = a >> 64, b0 = b & mask, b1 = b >> 64;
  const uint128 low = a0 * b0;
  const uint128 middle1 = a1 * b0 + (low >> 64);
  const uint128 middle2 = a0 * b1 + (middle1 & mask);
  return {a1 * b1 + (middle1 >> 64) + (middle2 >> 64), (middle2 << 64) | (low & mask)};
}

}  // namespace

uint128 mul_div(uint128 a, uint128 b, uint128 c) {
  invariant(c > 0, "mul_div by zero");
  const auto product = multiply(a, b);
  if (product.high == 0)
    return product.low / c;
  invariant(product.high < c, "mul_div quotient overflows 128 bits");
  // Schoolbook division, one bit at a time: the remainder stays below c.
  uint128 remainder = product.high, quotient = 0;
  for (int bit = 127; bit >= 0; --bit) {
    const bool carry = (remainder >> 127) != 0;
    remainder = (remainder << 1) | ((product.low >> bit) & 1);
    quotient <<= 1;
    if (carry || remainder >= c) {
      remainder -= c;
      quotient |= 1;
    }
  }
  return quotient;
}

std::optional<uint128> checked_mul(uint128 a, uint128 b) {
  const auto product = multiply(a, b);
  if (product.high != 0)
    return std::nullopt;
  return product.low;
}

std::string to_decimal(uint128 x) {
  std::string result;
  do {
    result.push_back(static_cast<char>('0' + static_cast<int>(x % 10)));
    x /= 10;
  } while (x > 0);
  std::reverse(result.begin(), result.end());
  return result;
}

std::optional<uint128> from_decimal(std::string_view text) {
  if (text.empty() || text.size() > 39)
    return std::nullopt;
  uint128 result = 0;
  for (char c : text) {
    if (c < '0' || c > '9')
      return std::nullopt;
    const auto digit = static_cast<uint128>(c - '0');
    auto scaled = checked_mul(result, 10);
    if (!scaled || *scaled + digit < *scaled)
      return std::nullopt;
    result = *scaled + digit;
  }
  return result;
}

std::string to_text(amount a) {
  auto result = to_decimal(a.units / units_per_dg);
  auto fraction = to_decimal(a.units % units_per_dg);
  fraction.insert(0, 18 - fraction.size(), '0');
  fraction.erase(fraction.find_last_not_of('0') + 1);
  if (!fraction.empty())
    result += "." + fraction;
  return result + " DG";
}

std::optional<amount> amount_from_text(std::string_view text) {
  const auto dot = text.find('.');
  auto whole = from_decimal(text.substr(0, dot));
  std::string fraction{dot == std::string_view::npos ? "0" : text.substr(dot + 1)};
  if (!whole || fraction.empty() || fraction.size() > 18)
    return std::nullopt;
  fraction.append(18 - fraction.size(), '0');
  auto parts = from_decimal(fraction);
  auto scaled = checked_mul(*whole, units_per_dg);
  if (!parts || !scaled || *scaled + *parts < *scaled)
    return std::nullopt;
  return amount{*scaled + *parts};
}

std::string to_hex(byte_view data) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result;
  result.reserve(data.size() * 2);
  for (auto b : data) {
    result.push_back(digits[b >> 4]);
    result.push_back(digits[b & 15]);
  }
  return result;
}

std::optional<bytes> from_hex(std::string_view text) {
  const auto nibble = [](char c) {
    if (c >= '0' && c <= '9')
      return c - '0';
    if (c >= 'a' && c <= 'f')
      return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
      return c - 'A' + 10;
    return -1;
  };
  if (text.size() % 2 != 0)
    return std::nullopt;
  bytes result;
  result.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = nibble(text[i]), low = nibble(text[i + 1]);
    if (high < 0 || low < 0)
      return std::nullopt;
    result.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return result;
}

}  // namespace datagen::protocol
