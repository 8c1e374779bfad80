#include "actors/gateway/page.hpp"

#include <algorithm>

namespace datagen::web {

namespace {

http::header_map page_headers() {
  return {{"Content-Security-Policy",
           "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
           "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
           "frame-ancestors 'none'"},
          {"X-Content-Type-Options", "nosniff"},
          {"Referrer-Policy", "no-referrer"},
          {"Cache-Control", "no-cache"}};
}

}  // namespace

std::optional<http::response> page_answer(const http::request& r) {
  const auto files = page_files();
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const page_file& x) { return x.path == r.path; });
  if (found == files.end())
    return std::nullopt;
  auto headers = page_headers();
  headers["ETag"] = std::string{found->etag};
  const auto has = r.headers.find("If-None-Match");
  if (has != r.headers.end() && has->second == found->etag)
    return http::response{304, std::string{found->content_type}, std::move(headers), {}};
  return http::response{200, std::string{found->content_type}, std::move(headers),
                        std::string{found->data.begin(), found->data.end()}};
}

}  // namespace datagen::web
