#pragma once
// Where in a file that people write something is wrong.

#include <cstdint>
#include <stdexcept>
#include <string>

namespace datagen {

/// A place in a file; both count from 1.
struct file_position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// What is wrong with a file, and where.
struct file_failure : std::runtime_error {
  file_failure(const file_position& where, const std::string& sentence)
      : std::runtime_error(sentence), at(where) {}
  file_position at;
};
/// "FILE:3:5: what is wrong"
std::string explain(const std::string& file, const file_failure& x);

}  // namespace datagen
