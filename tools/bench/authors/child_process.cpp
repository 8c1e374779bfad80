#include "tools/bench/authors/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

namespace datagen::bench {

child_process::child_process(std::vector<std::string> words, const std::string& output_file) {
  std::vector<char*> arguments;
  for (auto& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (!output_file.empty()) {
    posix_spawn_file_actions_addopen(&actions, 1, output_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
  }
  // A parent that blocks signals for its own threads must not make its children deaf.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  if (::posix_spawnp(&process_, words.front().c_str(), &actions, &attributes, arguments.data(),
                     environ) != 0)
    process_ = -1;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
}

child_process::child_process(child_process&& x) noexcept
    : process_(std::exchange(x.process_, -1)) {}

bool child_process::ended() {
  int status = 0;
  if (process_ > 0 && ::waitpid(process_, &status, WNOHANG) == process_)
    process_ = -1;
  return process_ <= 0;
}

int child_process::wait() {
  int status = 0;
  if (process_ <= 0 || ::waitpid(std::exchange(process_, -1), &status, 0) < 0)
    return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int child_process::stop() {
  if (process_ > 0)
    ::kill(process_, SIGTERM);
  return wait();
}

void child_process::kill() {
  if (process_ > 0)
    ::kill(process_, SIGKILL);
  wait();
}

std::string child_process::read_proc(const char* file) const {
  return text_of("/proc/" + std::to_string(process_) + "/" + file);
}

double child_process::resident_mb() const {
  std::istringstream fields{read_proc("statm")};
  double size = 0, resident = 0;
  fields >> size >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

double child_process::processor_us() const {
  const auto text = read_proc("stat");
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos)
    return 0;
  std::istringstream fields{text.substr(name_end + 2)};
  std::string word;
  for (int i = 3; i < 14; ++i)  // proc(5): utime and stime are fields 14 and 15
    fields >> word;
  double user = 0, system = 0;
  fields >> user >> system;
  return 1e6 * (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::string text_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace datagen::bench
