#pragma once
// Numbers, cursors and limits out of a request's query.

#include "actors/gateway/answer.hpp"

#include "protocol/types.hpp"

#include <charconv>

namespace datagen::web {

inline constexpr std::uint64_t page_default = 50;
inline constexpr std::uint64_t page_max = 200;

inline std::optional<std::uint64_t> number_from(std::string_view text) {
  std::uint64_t x = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (bad != std::errc{} || end != text.data() + text.size() || text.empty())
    return std::nullopt;
  return x;
}

/// Where a list begins and how long it may be.
struct page_query {
  std::optional<std::uint64_t> cursor;
  std::uint64_t limit = page_default;
  std::string wrong;  ///< A sentence when the query is not one.
};

inline page_query page_of(const http::request& r) {
  page_query x;
  if (const auto it = r.query.find("cursor"); it != r.query.end()) {
    x.cursor = number_from(it->second);
    if (!x.cursor)
      x.wrong = "cursor '" + it->second.substr(0, 40) + "' is not one that a list returned";
  }
  if (const auto it = r.query.find("limit"); it != r.query.end()) {
    const auto limit = number_from(it->second);
    if (!limit || *limit == 0 || *limit > page_max)
      x.wrong = "limit is '" + it->second.substr(0, 40) + "'; 1 to " + std::to_string(page_max) +
                " are allowed";
    else
      x.limit = *limit;
  }
  return x;
}

inline http::response bad_query(std::string why) {
  return problem_answer(400, "bad_request", std::move(why));
}

/// {"items", "next"}; `next` is the cursor of the page that follows, if one does.
inline http::response list_answer(json::array items, std::optional<std::uint64_t> next) {
  return json_answer(json::object{
    {"items", std::move(items)},
    {"next", next ? json::value(json::string{std::to_string(*next)}) : json::value(nullptr)}});
}

}  // namespace datagen::web
