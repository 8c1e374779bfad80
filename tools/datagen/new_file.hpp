#pragma once
// Files that hold secrets: made once, for their owner alone, and never overwritten.

#include "tools/datagen/exit_codes.hpp"

#include <sys/random.h>

#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace datagen::tools {

/// Creates `path` with `text`, readable by its owner only, and syncs it. On failure prints why,
/// leaves nothing behind and returns an exit code; a file that exists is a failure.
exit_code write_new(const std::filesystem::path& path, std::string_view text);

/// Fresh bytes from the system; throws where it gives none.
template <class Fixed>
Fixed random_bytes() {
  Fixed result;
  if (::getentropy(result.value.data(), Fixed::size) != 0)
    throw std::runtime_error("the system gives no random bytes");
  return result;
}

}  // namespace datagen::tools
