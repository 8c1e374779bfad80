#pragma once
// Requests and responses as plain data.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace datagen::http {

/// Orders field names without regard to case (RFC 9110 section 5.1).
struct name_less {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

/// Field names to values; fields sent several times are joined with ", ".
using header_map = std::map<std::string, std::string, name_less>;

struct request {
  std::string method;  ///< Upper case. A HEAD arrives as GET; the server leaves out the body.
  std::string path;    ///< Percent-decoded, begins with '/'.
  std::string target;  ///< Path and query as sent: what a signature covers.
  std::map<std::string, std::string> query;  ///< Decoded; a parameter given twice is a 400.
  header_map headers;
  std::string body;  ///< Bytes.
  std::string peer;  ///< Numeric address of the other end.
  bool loopback = false;
};

struct response {
  unsigned status = 200;
  std::string content_type = "application/json";
  header_map headers;  ///< Besides content type and length, which the server writes.
  std::string body;    ///< Bytes.
};

}  // namespace datagen::http
