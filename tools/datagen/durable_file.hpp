#pragma once
// Reading whole files, and writing ones that are either the old or the new content, whatever happens
// in between.

#include <filesystem>
#include <string>
#include <string_view>

namespace datagen::tools {

/// The content of the file at `path`, at most `bytes_max`; throws `failure` once the reason is said.
std::string load_file(const std::string& path, std::size_t bytes_max);

/// Writes `content` beside `path`, syncs it and renames it over. Throws `failure` (exit 74 or 77)
/// and then leaves what was there.
void write_durably(const std::filesystem::path& path, std::string_view content);

/// Throws what `write_durably` would, before anybody is paid for content to write there.
void check_writable(const std::filesystem::path& path);

/// Holds the lock of `path` (a file beside it) until destruction; throws `failure`.
class file_lock {
public:
  explicit file_lock(const std::filesystem::path& path);
  file_lock(const file_lock&) = delete;
  file_lock& operator=(const file_lock&) = delete;
  ~file_lock();

private:
  int fd_;
};

}  // namespace datagen::tools
