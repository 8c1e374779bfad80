#pragma once
// What the parts of `datagen bench` share: where they may write, and how they print.

#include "tools/datagen/commands.hpp"

#include <functional>

namespace datagen::tools {

/// Runs `measure` with a scratch directory that is removed afterwards; creates `data_dir` unless it
/// is empty.
exit_code in_directory(const std::string& data_dir,
                       const std::function<exit_code(const std::string& scratch)>& measure);

std::string number(double x, int digits);

/// Right-aligned columns below a title.
void print_line(const std::string& title, const std::vector<std::string>& columns);

}  // namespace datagen::tools
