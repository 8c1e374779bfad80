#include "params.hpp"

#include <algorithm>
#include <charconv>

namespace datagen::kernels {
namespace {

bool is_key(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  });
}

bool is_value(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The text for an error message: printable, short.
std::string shown(std::string_view text) {
  std::string out;
  for (char c : text.substr(0, 40)) out += (c > ' ' && c < 0x7f) ? c : '?';
  return "'" + out + (text.size() > 40 ? "...'" : "'");
}

std::string allowed_keys(std::span<const param_rule> rules) {
  if (rules.empty()) return "none";
  std::string out;
  for (const auto& rule : rules) out += (out.empty() ? "" : ", ") + std::string(rule.key);
  return out;
}

/// Shortest decimal spelling, independent of the locale.
std::string number(double value) {
  char text[400];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed).ptr;
  return {text, end};
}

failure out_of_range(const param_rule& rule, std::string_view value) {
  return {DATAGEN_LIMIT_EXCEEDED,
          "parameter '" + std::string(rule.key) + "' is " + std::string(value) +
              ", the limits are " + number(rule.minimum) + " to " + number(rule.maximum)};
}

failure parse_integer(const param_rule& rule, std::string_view text, param_values& values) {
  if (!all_digits(text) || (text.size() > 1 && text[0] == '0'))
    return bad_params("parameter '" + std::string(rule.key) + "' is " + shown(text) +
                      ", expected a whole number in decimal digits without leading zeros");
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc{} || static_cast<double>(value) < rule.minimum ||
      static_cast<double>(value) > rule.maximum)
    return out_of_range(rule, text.substr(0, 40));
  values.integers.emplace(rule.key, value);
  return {};
}

failure parse_real(const param_rule& rule, std::string_view text, param_values& values) {
  const std::string_view body = text.starts_with('-') ? text.substr(1) : text;
  const std::size_t dot = body.find('.');
  const std::string_view whole = body.substr(0, dot);
  const bool fraction_good = dot == body.npos || all_digits(body.substr(dot + 1));
  if (text.size() > 40 || !all_digits(whole) || !fraction_good ||
      (whole.size() > 1 && whole[0] == '0'))
    return bad_params("parameter '" + std::string(rule.key) + "' is " + shown(text) +
                      ", expected a decimal number such as 0.05, at most 40 characters");
  double value = 0;  // from_chars rounds correctly and knows no locale
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc{} || !(value >= rule.minimum && value <= rule.maximum))
    return out_of_range(rule, text);
  values.reals.emplace(rule.key, value == 0 ? 0.0 : value);
  return {};
}

failure parse_word(const param_rule& rule, std::string_view text, param_values& values) {
  std::string_view rest = rule.words;
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find('|'));
    if (word == text) {
      values.words.emplace(rule.key, text);
      return {};
    }
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  }
  return bad_params("parameter '" + std::string(rule.key) + "' is " + shown(text) +
                    ", expected one of " + std::string(rule.words));
}

failure parse_value(const param_rule& rule, std::string_view text, param_values& values) {
  switch (rule.kind) {
    case param_rule::type::integer: return parse_integer(rule, text, values);
    case param_rule::type::real: return parse_real(rule, text, values);
    case param_rule::type::word: return parse_word(rule, text, values);
  }
  return {DATAGEN_INTERNAL, "unknown parameter kind"};
}

}  // namespace

failure split_params(std::string_view text,
                     std::vector<std::pair<std::string_view, std::string_view>>& lines) {
  lines.clear();
  if (text.size() > params_bytes_max)
    return over_limit("length of the parameters", text.size(), params_bytes_max, "bytes");
  std::string_view previous;
  for (std::string_view rest = text; !text.empty();) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    const std::size_t equals = line.find('=');
    const std::string_view key = line.substr(0, equals);
    if (equals == line.npos || !is_key(key) || !is_value(line.substr(equals + 1)))
      return bad_params("parameter line " + shown(line) + " is not of the form key=value");
    if (key == previous) return bad_params("parameter " + shown(key) + " is given twice");
    if (key < previous)
      return bad_params("parameter " + shown(key) + " comes after " + shown(previous) +
                        ", expected keys in ascending order");
    lines.emplace_back(key, line.substr(equals + 1));
    previous = key;
    if (end == rest.npos) break;
    rest.remove_prefix(end + 1);
  }
  return {};
}

failure parse_params(std::string_view text, std::span<const param_rule> rules,
                     param_values& values) {
  values = {};
  std::vector<std::pair<std::string_view, std::string_view>> lines;
  if (auto bad = split_params(text, lines)) return bad;
  std::map<std::string_view, std::string_view> found;
  for (const auto& [key, value] : lines) {
    const auto is_it = [name = key](const auto& r) { return r.key == name; };
    if (std::none_of(rules.begin(), rules.end(), is_it))
      return bad_params("unknown parameter " + shown(key) + ", allowed: " + allowed_keys(rules));
    found.emplace(key, value);
  }
  for (const auto& rule : rules) {
    const auto given = found.find(rule.key);
    const auto value = given == found.end() ? rule.fallback : given->second;
    if (auto bad = parse_value(rule, value, values)) return bad;
  }
  return {};
}

failure canonical_params(std::vector<std::pair<std::string, std::string>> pairs,
                         std::string& text) {
  std::sort(pairs.begin(), pairs.end());
  text.clear();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto& [key, value] = pairs[i];
    if (!is_key(key) || !is_value(value))
      return bad_params("parameter " + shown(key + "=" + value) + " is not of the form key=value");
    if (i > 0 && key == pairs[i - 1].first)
      return bad_params("parameter " + shown(key) + " is given twice");
    text += (i > 0 ? "\n" : "") + key + "=" + value;
  }
  return {};
}

}  // namespace datagen::kernels
