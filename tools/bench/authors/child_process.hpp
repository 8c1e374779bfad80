#pragma once
// A program run as a process of its own, watched from outside: memory, processor time, how it ends.

#include <string>
#include <vector>

#include <sys/types.h>

namespace datagen::bench {

/// Killed, if it still runs, with its owner.
class child_process {
public:
  /// Starts `words[0]`. Its output goes to `output_file`, or where ours goes when that is empty.
  explicit child_process(std::vector<std::string> words, const std::string& output_file = {});
  child_process(child_process&& x) noexcept;
  child_process& operator=(child_process&&) = delete;
  ~child_process() { kill(); }

  bool started() const { return process_ > 0; }
  bool ended();
  /// SIGTERM. @returns the exit code, or 128 + signal
  int stop();
  /// SIGKILL; returns when it is gone.
  void kill();
  /// Until it ends by itself.
  int wait();
  double resident_mb() const;  ///< 10^6 bytes.
  /// User and system time of all its threads.
  double processor_us() const;

private:
  std::string read_proc(const char* file) const;
  pid_t process_ = -1;
};

/// The whole file, or nothing where it cannot be read.
std::string text_of(const std::string& path);

}  // namespace datagen::bench
