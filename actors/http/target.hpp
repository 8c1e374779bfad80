#pragma once
// Request targets: path and query out of their percent encoding. Private to this folder.

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace datagen::http {

struct target_parts {
  std::string path;
  std::map<std::string, std::string> query;
};

/// Splits and decodes an origin-form target ("/v1/jobs?limit=3"). @returns nothing, with a sentence
/// in `why`, on bad escapes, control characters, a parameter given twice, or another form.
std::optional<target_parts> parse_target(std::string_view target, std::string& why);

}  // namespace datagen::http
