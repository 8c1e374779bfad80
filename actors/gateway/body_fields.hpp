#pragma once
// What a signed write says: the members of its body.

#include "actors/gateway/answer.hpp"
#include "actors/gateway/exchange.hpp"

#include "protocol/codec.hpp"

namespace datagen::web {

inline constexpr std::size_t json_depth_max = 32;

/// The members of a JSON object whose values are strings; answers what is wrong by itself.
class body_fields {
public:
  explicit body_fields(const exchange& ask) {
    json::parse_options options;
    options.max_depth = json_depth_max;
    json::error_code error;
    const auto parsed = json::parse(ask.ask.body, error, {}, options);
    if (error)
      wrong_ = "the body of " + std::to_string(ask.ask.body.size()) +
               " bytes is not JSON: " + error.message();
    else if (!parsed.is_object())
      wrong_ = "the body must be a JSON object";
    else
      members_ = parsed.as_object();
  }
  std::string text(const char* name) {
    const auto* found = members_.if_contains(name);
    if (found && found->is_string())
      return std::string{found->as_string()};
    if (wrong_.empty())
      wrong_ = std::string{"the body needs the member \""} + name + "\", a string";
    return {};
  }
  template <class T>
  std::optional<T> decoded(const char* name) {
    const auto hex = text(name);
    const auto raw = protocol::from_hex(hex);
    auto value = raw ? protocol::decode<T>(*raw) : std::nullopt;
    if (!value && wrong_.empty())
      wrong_ = std::string{"\""} + name + "\" of " + std::to_string(hex.size()) +
               " characters is not the hex of its canonical bytes";
    return value;
  }
  void require(bool condition, const char* sentence) {
    if (!condition && wrong_.empty())
      wrong_ = sentence;
  }
  const std::string& wrong() const { return wrong_; }

private:
  json::object members_;
  std::string wrong_;
};

}  // namespace datagen::web
