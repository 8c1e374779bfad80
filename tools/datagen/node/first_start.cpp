#include "tools/datagen/node/first_start.hpp"

#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/failure.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace datagen::tools {

namespace files = std::filesystem;

namespace {

std::vector<files::path> databases(const files::path& data, const roster_host& own) {
  std::vector<files::path> result;
  for (const auto i : own.authors)
    result.push_back(data / ("heavy-" + std::to_string(i) + ".db"));
  for (const auto i : own.validators)
    result.push_back(data / ("validator-" + std::to_string(i) + ".db"));
  for (const auto& one : own.joined)
    result.push_back(data / ((one.kind == role::heavy_author ? "heavy-" : "validator-") +
                             std::to_string(one.id) + ".db"));
  return result;
}

}  // namespace

void mark_first_start(const files::path& data) {
  std::error_code error;
  files::create_directories(data, error);
  if (error)
    throw failure(exit_no_data_directory,
                  "cannot create " + data.string() + ": " + error.message());
  files::permissions(data, files::perms::owner_all, error);
  write_durably(data / first_start_name,
                "This host has never run. Its first start removes this file; never put it back.\n");
}

void check_databases(const files::path& data, const roster_host& own) {
  if (files::exists(data / first_start_name))
    return;
  for (const auto& path : databases(data, own))
    if (!files::exists(path))
      throw failure(
        exit_configuration,
        path.string() +
          " is missing, though this host has run before: with an empty one it could sign twice and "
          "lose its stake. Put back the newest copy of the whole data directory, .mark files too; "
          "without one, let the identity leave and join with a new key");
}

void forget_first_start(const files::path& data) {
  std::error_code error;
  if (!files::remove(data / first_start_name, error) && !error)
    return;
  const int fd = ::open(data.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0)
    ::close(fd);
  if (error || !synced)
    throw failure(exit_io, "cannot remove " + (data / first_start_name).string() + " for good");
}

}  // namespace datagen::tools
