#pragma once
// The explorer's files, embedded at build time from tools/explorer/page.

#include "actors/http/message.hpp"

#include <optional>
#include <span>

namespace datagen::web {

struct page_file {
  std::string_view path;  ///< "/", "/app.js"
  std::string_view content_type;
  std::string_view etag;  ///< Quoted; of the bytes.
  std::span<const unsigned char> data;
};
/// Written by embed_page.cmake.
std::span<const page_file> page_files();

/// The file at the request's path with a strict content security policy, 304 when the client has
/// it, or nothing.
std::optional<http::response> page_answer(const http::request& r);

}  // namespace datagen::web
