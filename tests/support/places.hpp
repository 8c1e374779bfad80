#pragma once
// Where the tests find the sources and the built programs. Only places.cpp is compiled with these
// absolute paths, so that a clone elsewhere takes every other test object from the compiler cache.

#include <string>

namespace datagen {

/// @returns the absolute path of `relative` in the source tree.
std::string source_path(const std::string& relative);

/// @returns the absolute path of the built program `name`, or the folder of the programs for "".
std::string program_path(const std::string& name);

}  // namespace datagen
