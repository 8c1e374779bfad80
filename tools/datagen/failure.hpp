#pragma once
// How a long conversation ends early: whoever finds the reason throws it, main prints it.

#include "tools/datagen/exit_codes.hpp"

#include <stdexcept>
#include <string>

namespace datagen::tools {

/// A reason for people (empty: it was said already), with the exit code for programs.
struct failure : std::runtime_error {
  failure(exit_code c, const std::string& sentence) : std::runtime_error(sentence), code(c) {}
  exit_code code;
};

}  // namespace datagen::tools
