#pragma once
// How single values look in the API: digests and keys as lower-case hex, amounts and session ids as
// decimal strings, heights and times as numbers.

#include "protocol/crypto/bech32m.hpp"

#include <boost/json.hpp>

#include <set>

namespace datagen::web {

namespace json = boost::json;

template <class Tag, std::size_t Size>
json::value form(const protocol::fixed_bytes<Tag, Size>& x) {
  return json::string{protocol::to_hex(x)};
}
inline json::value form(protocol::amount x) { return json::string{protocol::to_decimal(x.units)}; }
inline json::value form(protocol::session_id x) { return json::string{std::to_string(x.value)}; }
inline json::value form(protocol::validator_id x) { return x.value; }
inline json::value address(const protocol::account_id& x) {
  return json::string{protocol::to_address(x)};
}
inline json::value form(const std::string& x) { return json::string{x}; }
inline json::value form(bool x) { return x; }
inline json::value form(std::uint64_t x) { return x; }
inline json::value form(std::uint32_t x) { return x; }
inline json::value form(std::uint8_t x) { return static_cast<std::uint32_t>(x); }

template <class T>
json::value form(const std::optional<T>& x) {
  return x ? form(*x) : json::value(nullptr);  // braces would make it an array
}
template <class T>
json::value form(const std::vector<T>& xs) {
  json::array list;
  for (const auto& x : xs)
    list.push_back(form(x));
  return list;
}
template <class T>
json::value form(const std::set<T>& xs) {
  json::array list;
  for (const auto& x : xs)
    list.push_back(form(x));
  return list;
}

}  // namespace datagen::web
