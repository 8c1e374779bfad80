#pragma once
// Fields of answers and files that others wrote: every one may be missing or of another type.
// Each accessor throws `failure` with a sentence that names the field.

#include "protocol/types.hpp"

#include <boost/json.hpp>

namespace datagen::tools {

/// What `text` says. @param from names its origin in the sentence, e.g. an address or a file
boost::json::value parse_json(const std::string& text, const std::string& from);

/// Part of `x`, which must live on: of a temporary it would be gone at once.
const boost::json::value& field(const boost::json::value& x, std::string_view name);
const boost::json::value& field(boost::json::value&& x, std::string_view name) = delete;
std::string text_field(const boost::json::value& x, std::string_view name);
/// A count, also where it is written as a decimal string.
std::uint64_t count_field(const boost::json::value& x, std::string_view name);
const boost::json::array& list_field(const boost::json::value& x, std::string_view name);
const boost::json::array& list_field(boost::json::value&& x, std::string_view name) = delete;
protocol::bytes hex_field(const boost::json::value& x, std::string_view name);

[[noreturn]] void wrong_field(std::string_view name, std::string_view expected);

template <class Fixed>
Fixed fixed_field(const boost::json::value& x, std::string_view name) {
  if (const auto value = protocol::fixed_from_hex<Fixed>(text_field(x, name)))
    return *value;
  wrong_field(name, std::to_string(Fixed::size) + " bytes in hexadecimal");
}

/// A member that may be missing or null: text of strings and numbers, else empty.
std::string shown_field(const boost::json::value& x, std::string_view name);

}  // namespace datagen::tools
