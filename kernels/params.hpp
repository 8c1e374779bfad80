#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "failure.hpp"

namespace datagen::kernels {

/// What a kernel accepts under one key.
struct param_rule {
  enum class type { integer, real, word };
  std::string_view key;
  type kind = type::integer;
  std::string_view fallback;         ///< value when the key is absent, in the same spelling
  double minimum = 0;                ///< integer and real: smallest accepted value
  double maximum = 0;                ///< integer and real: largest accepted value
  std::string_view words = {};       ///< word: accepted values, separated by '|'
};

/// Parsed values of every rule, defaults filled in.
struct param_values {
  std::map<std::string, std::uint64_t, std::less<>> integers;
  std::map<std::string, double, std::less<>> reals;
  std::map<std::string, std::string, std::less<>> words;

  std::uint64_t integer(std::string_view key) const { return integers.find(key)->second; }
  double real(std::string_view key) const { return reals.find(key)->second; }
  const std::string& word(std::string_view key) const { return words.find(key)->second; }
};

inline constexpr std::size_t params_bytes_max = 4096;  ///< longer parameters are refused

/// Splits canonical parameter bytes into lines, whatever the keys: form and order are checked.
failure split_params(std::string_view text,
                     std::vector<std::pair<std::string_view, std::string_view>>& lines);

/// Parses canonical parameter bytes: `key=value` lines, ASCII, keys strictly ascending, separated
/// (not ended) by '\n'. One job has one spelling: unknown, repeated or unsorted keys, integers
/// with leading zeros and reals other than [-]digits[.digits] are errors that name the key.
failure parse_params(std::string_view text, std::span<const param_rule> rules,
                     param_values& values);

/// Canonical bytes for `--param k=v` pairs in any order; refuses repeated keys and bad characters.
/// Which keys a kernel knows is checked by the kernel.
failure canonical_params(std::vector<std::pair<std::string, std::string>> pairs,
                         std::string& text);

}  // namespace datagen::kernels
