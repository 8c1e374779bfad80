#include "tools/datagen/json_fields.hpp"

#include "tools/datagen/failure.hpp"

namespace datagen::tools {

namespace json = boost::json;

json::value parse_json(const std::string& text, const std::string& from) {
  boost::system::error_code error;
  auto result = json::parse(text, error);
  if (error)
    throw failure(exit_failed, from + " is no JSON: " + error.message());
  return result;
}

void wrong_field(std::string_view name, std::string_view expected) {
  throw failure(exit_failed, "the field '" + std::string{name} + "' is missing or not " +
                               std::string{expected});
}

const json::value& field(const json::value& x, std::string_view name) {
  const auto* object = x.if_object();
  const auto* value = object != nullptr ? object->if_contains(name) : nullptr;
  if (value == nullptr)
    wrong_field(name, "there");
  return *value;
}

std::string text_field(const json::value& x, std::string_view name) {
  const auto& value = field(x, name);
  if (!value.is_string())
    wrong_field(name, "text");
  return std::string{value.as_string()};
}

std::uint64_t count_field(const json::value& x, std::string_view name) {
  const auto& value = field(x, name);
  if (value.is_string()) {
    const auto count = protocol::from_decimal(std::string{value.as_string()});
    if (count && *count <= ~std::uint64_t{0})
      return static_cast<std::uint64_t>(*count);
  }
  if (value.is_uint64())
    return value.as_uint64();
  if (!value.is_int64() || value.as_int64() < 0)
    wrong_field(name, "a count");
  return static_cast<std::uint64_t>(value.as_int64());
}

const json::array& list_field(const json::value& x, std::string_view name) {
  const auto& value = field(x, name);
  if (!value.is_array())
    wrong_field(name, "a list");
  return value.as_array();
}

protocol::bytes hex_field(const json::value& x, std::string_view name) {
  auto value = protocol::from_hex(text_field(x, name));
  if (!value)
    wrong_field(name, "bytes in hexadecimal");
  return std::move(*value);
}

std::string shown_field(const json::value& x, std::string_view name) {
  const auto* object = x.if_object();
  const auto* value = object != nullptr ? object->if_contains(name) : nullptr;
  if (value == nullptr || value->is_null())
    return {};
  return value->is_string() ? std::string{value->as_string()} : json::serialize(*value);
}

}  // namespace datagen::tools
