#include "tests/support/places.hpp"

namespace datagen {

std::string source_path(const std::string& relative) { return DATAGEN_SOURCE_DIR "/" + relative; }

std::string program_path(const std::string& name) { return DATAGEN_BIN_DIR "/" + name; }

}  // namespace datagen
