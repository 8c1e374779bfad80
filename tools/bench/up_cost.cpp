#include "tools/bench/up_cost.hpp"

#include "tools/bench/clock.hpp"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>
#include <vector>

namespace datagen::bench {

namespace {

constexpr double ready_limit_us = 30e6;

void pause_ms(unsigned ms) { std::this_thread::sleep_for(std::chrono::milliseconds{ms}); }

std::string text_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// A `datagen up` of this very program; ended with its owner.
class running_up {
public:
  running_up(const up_options& options, const std::string& ready_file) {
    std::vector<std::string> words = {"datagen", "up",           "--quiet", "--port",
                                      "0",       "--ready-file", ready_file};
    if (!options.data_dir.empty())
      words.insert(words.end(), {"--data", options.data_dir});
    std::vector<char*> arguments;
    for (auto& word : words)
      arguments.push_back(word.data());
    arguments.push_back(nullptr);
    if (::posix_spawn(&process_, "/proc/self/exe", nullptr, nullptr, arguments.data(), environ) !=
        0)
      process_ = -1;
  }
  running_up(const running_up&) = delete;
  running_up& operator=(const running_up&) = delete;
  ~running_up() {
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
    }
  }

  bool started() const { return process_ > 0; }
  bool ended() {
    int status = 0;
    if (process_ > 0 && ::waitpid(process_, &status, WNOHANG) == process_)
      process_ = -1;
    return process_ <= 0;
  }
  int stop() {
    int status = 0;
    ::kill(process_, SIGTERM);
    ::waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  double resident_mb() const {
    std::istringstream fields{text_of(proc("statm"))};
    double size = 0, resident = 0;
    fields >> size >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
  }
  /// User and system time of all its threads.
  double processor_us() const {
    const auto text = text_of(proc("stat"));
    std::istringstream fields{text.substr(text.rfind(')') + 2)};
    std::string word;
    for (int i = 3; i < 14; ++i)  // proc(5): utime and stime are fields 14 and 15
      fields >> word;
    double user = 0, system = 0;
    fields >> user >> system;
    return 1e6 * (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  }

private:
  std::string proc(const char* file) const {
    std::string path = "/proc/";
    path += std::to_string(process_);
    path += '/';
    path += file;
    return path;
  }
  pid_t process_ = -1;
};

}  // namespace

up_result measure_up(const up_options& options) {
  const auto ready_file = options.scratch_dir + "/ready";
  const auto start = wall_us();
  running_up up{options, ready_file};
  if (!up.started())
    return {{}, std::string{"cannot start `datagen up`: "} + std::strerror(errno)};
  while (!text_of(ready_file).ends_with("}\n")) {
    if (up.ended())
      return {{}, "`datagen up` ended before it was ready"};
    if (wall_us() - start > ready_limit_us)
      return {{}, "`datagen up` was not ready within 30 s"};
    pause_ms(1);
  }
  up_cost cost{.ready_ms = (wall_us() - start) / 1e3};
  pause_ms(1000);  // what starting left to do is not idling
  const auto wall = wall_us(), processor = up.processor_us();
  pause_ms(1000 * options.seconds);
  cost.idle_percent = 100 * (up.processor_us() - processor) / (wall_us() - wall);
  cost.resident_mb = up.resident_mb();
  if (up.ended())
    return {{}, "`datagen up` ended by itself"};
  const auto stop = wall_us();
  cost.exit_code = up.stop();
  cost.stop_ms = (wall_us() - stop) / 1e3;
  return {cost, {}};
}

}  // namespace datagen::bench
