#include "actors/http/target.hpp"

namespace datagen::http {

namespace {

int nibble(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto c = static_cast<unsigned char>(text[i]);
    if (c == '%') {
      const int high = i + 2 < text.size() ? nibble(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? nibble(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        return std::nullopt;
      c = static_cast<unsigned char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (c < 0x20 || c == 0x7f)
      return std::nullopt;
    out.push_back(static_cast<char>(c));
  }
  return out;
}

}  // namespace

std::optional<target_parts> parse_target(std::string_view target, std::string& why) {
  if (target.empty() || target.front() != '/') {
    why = "The request target must be a path that begins with '/'.";
    return std::nullopt;
  }
  const auto mark = target.find('?');
  auto path = decode(target.substr(0, mark), false);
  if (!path) {
    why = "The path has a bad percent escape or a control character.";
    return std::nullopt;
  }
  target_parts parts{std::move(*path), {}};
  auto rest = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const auto pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (pair.empty())
      continue;
    const auto equals = pair.find('=');
    const auto name = decode(pair.substr(0, equals), true);
    const auto value =
      decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
    if (!name || !value) {
      why = "The query has a bad percent escape or a control character.";
      return std::nullopt;
    }
    if (!parts.query.emplace(*name, *value).second) {
      why = "The query parameter '" + *name + "' is given twice.";
      return std::nullopt;
    }
  }
  return parts;
}

}  // namespace datagen::http
