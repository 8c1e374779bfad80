#include "protocol/crypto/bech32m.hpp"

#include <algorithm>

namespace datagen::protocol {

namespace {

constexpr std::string_view charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::uint32_t bech32m_constant = 0x2bc830a3;

std::uint32_t polymod(std::span<const std::uint8_t> values) {
  constexpr std::array<std::uint32_t, 5> generator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa,
                                                      0x3d4233dd, 0x2a1462b3};
  std::uint32_t check = 1;
  for (auto value : values) {
    const auto top = check >> 25;
    check = (check & 0x1ffffff) << 5 ^ value;
    for (std::size_t i = 0; i < generator.size(); ++i)
      if ((top >> i & 1) != 0)
        check ^= generator[i];
  }
  return check;
}

std::vector<std::uint8_t> expand(std::string_view prefix) {
  std::vector<std::uint8_t> result;
  for (char c : prefix)
    result.push_back(static_cast<std::uint8_t>(c >> 5));
  result.push_back(0);
  for (char c : prefix)
    result.push_back(static_cast<std::uint8_t>(c & 31));
  return result;
}

}  // namespace

std::optional<bech32m_text> bech32m_decode(std::string_view text) {
  const bool lower = std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  const bool upper = std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (text.size() > 90 || (lower && upper))
    return std::nullopt;
  const auto separator = text.rfind('1');
  if (separator == std::string_view::npos || separator == 0 || text.size() - separator - 1 < 6)
    return std::nullopt;
  bech32m_text result;
  for (char c : text.substr(0, separator)) {
    if (c < 33 || c > 126)
      return std::nullopt;
    result.prefix.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  }
  for (char c : text.substr(separator + 1)) {
    const auto position = charset.find(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
    if (position == std::string_view::npos)
      return std::nullopt;
    result.values.push_back(static_cast<std::uint8_t>(position));
  }
  auto checked = expand(result.prefix);
  checked.insert(checked.end(), result.values.begin(), result.values.end());
  if (polymod(checked) != bech32m_constant)
    return std::nullopt;
  result.values.resize(result.values.size() - 6);
  return result;
}

std::string bech32m_encode(std::string_view prefix, std::span<const std::uint8_t> values) {
  auto checked = expand(prefix);
  checked.insert(checked.end(), values.begin(), values.end());
  checked.resize(checked.size() + 6);
  const auto check = polymod(checked) ^ bech32m_constant;
  std::string result{prefix};
  result += '1';
  for (auto value : values)
    result += charset[value];
  for (int i = 0; i < 6; ++i)
    result += charset[check >> (5 * (5 - i)) & 31];
  return result;
}

std::string to_address(const account_id& account) {
  std::vector<std::uint8_t> groups;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (auto b : account.value) {
    buffer = buffer << 8 | b;
    for (bits += 8; bits >= 5; bits -= 5)
      groups.push_back(static_cast<std::uint8_t>(buffer >> (bits - 5) & 31));
  }
  groups.push_back(static_cast<std::uint8_t>(buffer << (5 - bits) & 31));
  return bech32m_encode("dg", groups);
}

std::optional<account_id> from_address(std::string_view text) {
  auto parsed = bech32m_decode(text);
  if (!parsed || parsed->prefix != "dg" || parsed->values.size() != 52)
    return std::nullopt;
  account_id result;
  std::uint32_t buffer = 0;
  int bits = 0;
  std::size_t at = 0;
  for (auto group : parsed->values) {
    buffer = buffer << 5 | group;
    bits += 5;
    if (bits >= 8 && at < result.value.size()) {
      bits -= 8;
      result.value[at++] = static_cast<std::uint8_t>(buffer >> bits);
    }
  }
  const bool padding_is_zero = (buffer & ((1u << bits) - 1)) == 0;
  if (at != result.value.size() || !padding_is_zero)
    return std::nullopt;
  return result;
}

}  // namespace datagen::protocol
