#include "tools/datagen/durable_file.hpp"

#include "tools/datagen/commands.hpp"
#include "tools/datagen/failure.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace datagen::tools {

namespace {

[[noreturn]] void give_up(const std::string& what, int why) {
  const bool denied = why == EACCES || why == EPERM || why == EROFS;
  throw failure(denied ? exit_permission : exit_io, what + ": " + std::strerror(why));
}

std::filesystem::path part_of(std::filesystem::path path) {
  path += ".part";
  return path;
}

int open_part(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path))
    give_up("cannot write " + path.string(), EISDIR);
  const auto fd = ::open(part_of(path).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0)
    give_up("cannot write " + path.string(), errno);
  return fd;
}

int write_and_sync(int fd, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return errno;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(fd) == 0 ? 0 : errno;
}

}  // namespace

std::string load_file(const std::string& path, std::size_t bytes_max) {
  auto text = read_file(path, bytes_max);
  if (text.code != exit_ok)
    throw failure(text.code, "");
  return std::move(text.content);
}

void check_writable(const std::filesystem::path& path) {
  ::close(open_part(path));
  ::unlink(part_of(path).c_str());
}

void write_durably(const std::filesystem::path& path, std::string_view content) {
  const auto beside = part_of(path);
  const auto fd = open_part(path);
  const auto why = write_and_sync(fd, content);
  ::close(fd);
  if (why == 0 && ::rename(beside.c_str(), path.c_str()) == 0)
    return;
  const auto reason = why != 0 ? why : errno;
  ::unlink(beside.c_str());
  give_up("cannot write " + path.string(), reason);
}

file_lock::file_lock(const std::filesystem::path& path) {
  auto beside = path;
  beside += ".lock";
  fd_ = ::open(beside.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd_ < 0)
    give_up("cannot lock " + path.string(), errno);
  while (::flock(fd_, LOCK_EX) != 0)
    if (errno != EINTR) {
      const auto why = errno;
      ::close(fd_);
      give_up("cannot lock " + path.string(), why);
    }
}

file_lock::~file_lock() { ::close(fd_); }

}  // namespace datagen::tools
