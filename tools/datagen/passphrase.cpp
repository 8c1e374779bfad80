// Where a passphrase comes from: a file, the environment, or the terminal with echo off.

#include "tools/datagen/commands.hpp"
#include "tools/datagen/key_file.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>

namespace datagen::tools {

namespace {

constexpr std::size_t passphrase_bytes_max = 1'024;

std::string first_line(const std::string& text) {
  auto result = text.substr(0, text.find('\n'));
  if (result.ends_with('\r'))
    result.pop_back();
  return result;
}

/// The controlling terminal, closed with its echo restored.
class terminal {
public:
  terminal() : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    if (fd_ < 0 || ::tcgetattr(fd_, &before_) != 0)
      return;
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ready_ = ::tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
  }
  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;
  ~terminal() {
    if (ready_)
      ::tcsetattr(fd_, TCSAFLUSH, &before_);
    if (fd_ >= 0)
      ::close(fd_);
  }
  bool ready() const { return ready_; }
  std::string ask(const std::string& prompt) {
    say(prompt);
    std::string line(passphrase_bytes_max, '\0');
    const auto size = ::read(fd_, line.data(), line.size());
    say("\n");
    line.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return first_line(line);
  }

private:
  void say(const std::string& text) {
    if (::write(fd_, text.data(), text.size()) < 0)
      ready_ = false;
  }
  int fd_;
  bool ready_ = false;
  termios before_{};
};

std::optional<std::string> refuse_empty(const std::string& passphrase) {
  if (!passphrase.empty())
    return passphrase;
  fail(exit_usage, "the passphrase is empty");
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ask_passphrase(const std::string& file, bool repeat) {
  if (!file.empty()) {
    const auto text = read_file(file, passphrase_bytes_max);
    return text.code == exit_ok ? refuse_empty(first_line(text.content)) : std::nullopt;
  }
  if (const auto* value = std::getenv("DATAGEN_PASSPHRASE"))
    return refuse_empty(value);
  terminal tty;
  if (!tty.ready()) {
    fail(exit_usage,
         "no passphrase: give --passphrase-file or DATAGEN_PASSPHRASE, or run on a terminal");
    return std::nullopt;
  }
  const auto result = tty.ask("Passphrase: ");
  if (repeat && tty.ask("Once more: ") != result) {
    fail(exit_usage, "the two passphrases differ");
    return std::nullopt;
  }
  return refuse_empty(result);
}

}  // namespace datagen::tools
