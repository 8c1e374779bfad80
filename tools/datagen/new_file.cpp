#include "tools/datagen/new_file.hpp"

#include "tools/datagen/commands.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace datagen::tools {

namespace files = std::filesystem;

namespace {

exit_code for_errno(const std::string& what, exit_code otherwise) {
  const bool denied = errno == EACCES || errno == EPERM || errno == EROFS;
  return fail(denied ? exit_permission : otherwise, what + ": " + std::strerror(errno));
}

}  // namespace

exit_code write_new(const files::path& path, std::string_view text) {
  std::error_code failure;
  files::create_directories(path.parent_path(), failure);
  if (failure)
    return fail(exit_no_data_directory,
                "cannot create " + path.parent_path().string() + ": " + failure.message());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && errno == EEXIST)
    return fail(exit_failed, path.string() + " exists; a key is never overwritten");
  if (fd < 0)
    return for_errno("cannot create " + path.string(), exit_io);
  const auto written = ::write(fd, text.data(), text.size());
  const bool good = written == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  const auto result = good ? exit_ok : for_errno("cannot write " + path.string(), exit_io);
  ::close(fd);
  if (!good)
    ::unlink(path.c_str());
  return result;
}

}  // namespace datagen::tools
