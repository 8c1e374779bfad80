#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "backend.h"

namespace datagen::kernels {

/// Why something was refused: a numbered status and one sentence with the figure and the limit.
struct [[nodiscard]] failure {
  std::int32_t status = DATAGEN_OK;
  std::string sentence;

  /// True when something went wrong: `if (auto bad = check(...)) return bad;`
  explicit operator bool() const { return status != DATAGEN_OK; }
};

inline failure bad_params(std::string sentence) {
  return {DATAGEN_BAD_PARAMS, std::move(sentence)};
}

inline failure bad_input(std::string sentence) {
  return {DATAGEN_BAD_INPUT, std::move(sentence)};
}

/// "image width is 9000 pixels, the limit is 8192 pixels"
inline failure over_limit(const std::string& what, std::uint64_t found, std::uint64_t limit,
                          const std::string& unit) {
  return {DATAGEN_LIMIT_EXCEEDED, what + " is " + std::to_string(found) + " " + unit +
                                      ", the limit is " + std::to_string(limit) + " " + unit};
}

}  // namespace datagen::kernels
