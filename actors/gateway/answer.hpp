#pragma once
// What the gateway answers: JSON, bytes, or a problem; the one table from reasons to HTTP statuses.

#include "messages/error.hpp"

#include "actors/http/problem.hpp"

#include <boost/json.hpp>

namespace datagen::web {

namespace json = boost::json;

/// The status that says the same as `x`.
unsigned status_of(ec x);
/// The few words that go with a code in every problem.
std::string title_of(std::string_view code);

http::response json_answer(const json::value& x, unsigned status = 200);
http::response bytes_answer(protocol::byte_view data);
http::response text_answer(std::string text, std::string content_type);
/// `detail` is a sentence with figures.
http::response problem_answer(ec code, std::string detail);
http::response problem_answer(unsigned status, std::string code, std::string detail);
http::response not_found(std::string what);
/// A question about Heavy's state that nobody answered in `waited_ms`.
http::response author_silent(std::uint64_t waited_ms);

}  // namespace datagen::web
