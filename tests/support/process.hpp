#pragma once
// Runs a program as people do: arguments, environment, standard input; and what it answered.

#include "tests/support/places.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace datagen::test_support {

struct process_result {
  int code = -1;  ///< Exit code, or 128 + signal.
  std::string out;
  std::string err;
};

/// A directory that is removed with everything in it.
class scratch_directory {
public:
  scratch_directory() {
    auto name = (std::filesystem::temp_directory_path() / "datagen_test_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      std::abort();
    path = name;
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;
  ~scratch_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::filesystem::path path;
};

inline std::string read_all(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return text.str();
}

/// A program that runs beside the test, in a session without a terminal; killed with this object.
class background_process {
public:
  background_process(const std::string& program, const std::vector<std::string>& arguments,
                     const std::string& input = {},
                     const std::vector<std::string>& environment = {}) {
    std::ofstream{files_.path / "in"} << input;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const auto open = [&](int fd, const char* name, int flags) {
      posix_spawn_file_actions_addopen(&actions, fd, (files_.path / name).c_str(), flags, 0600);
    };
    open(0, "in", O_RDONLY);
    open(1, "out", O_WRONLY | O_CREAT);
    open(2, "err", O_WRONLY | O_CREAT);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    std::vector<char*> argv = {const_cast<char*>(program.c_str())}, env;
    for (const auto& x : arguments)
      argv.push_back(const_cast<char*>(x.c_str()));
    for (const auto& x : environment)
      env.push_back(const_cast<char*>(x.c_str()));
    argv.push_back(nullptr);
    env.push_back(nullptr);
    if (::posix_spawnp(&child_, program.c_str(), &actions, &attributes, argv.data(), env.data()) !=
        0)
      child_ = 0;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  background_process(const background_process&) = delete;
  background_process& operator=(const background_process&) = delete;
  ~background_process() {
    signal(SIGKILL);
    wait();
  }
  void signal(int number) {
    if (child_ != 0)
      ::kill(child_, number);
  }
  /// Until it ends. @returns the exit code, 128 + signal, or -1 when it never ran.
  int wait() {
    int status = 0;
    if (child_ != 0 && ::waitpid(child_, &status, 0) == child_)
      code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    child_ = 0;
    return code_;
  }
  pid_t id() const { return child_; }
  std::string out() const { return read_all(files_.path / "out"); }
  std::string err() const { return read_all(files_.path / "err"); }

private:
  scratch_directory files_;
  pid_t child_ = 0;  ///< 0: not running.
  int code_ = -1;
};

/// Runs `program` to its end.
inline process_result run_process(const std::string& program,
                                  const std::vector<std::string>& arguments,
                                  const std::string& input = {},
                                  const std::vector<std::string>& environment = {}) {
  background_process running{program, arguments, input, environment};
  const auto code = running.wait();
  return {code, running.out(), running.err()};
}

/// Runs the program under test.
inline process_result run_datagen(const std::vector<std::string>& arguments,
                              const std::string& input = {},
                              const std::vector<std::string>& environment = {}) {
  return run_process(program_path("datagen"), arguments, input, environment);
}

}  // namespace datagen::test_support
