#pragma once
// Runs a program as people do: arguments, environment, standard input; and what it answered.

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

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

/// Runs `program` to its end, in a session without a terminal.
inline process_result run_process(const std::string& program,
                                  const std::vector<std::string>& arguments,
                                  const std::string& input = {},
                                  const std::vector<std::string>& environment = {}) {
  const scratch_directory files;
  std::ofstream{files.path / "in"} << input;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const auto open = [&](int fd, const char* name, int flags) {
    posix_spawn_file_actions_addopen(&actions, fd, (files.path / name).c_str(), flags, 0600);
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
  process_result result;
  pid_t child = 0;
  int status = 0;
  if (::posix_spawnp(&child, program.c_str(), &actions, &attributes, argv.data(), env.data()) ==
        0 &&
      ::waitpid(child, &status, 0) == child)
    result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  result.out = read_all(files.path / "out");
  result.err = read_all(files.path / "err");
  return result;
}

/// Runs the program under test.
inline process_result run_datagen(const std::vector<std::string>& arguments,
                              const std::string& input = {},
                              const std::vector<std::string>& environment = {}) {
  return run_process(DATAGEN_BIN_DIR "/datagen", arguments, input, environment);
}

}  // namespace datagen::test_support
