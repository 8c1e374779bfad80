#pragma once
// What the commands that keep running share: actors with threads, and an orderly end.

#include <caf/actor_system_config.hpp>

#include <atomic>
#include <csignal>
#include <thread>

namespace datagen::tools {

/// Actors on all processors.
struct threaded_config : caf::actor_system_config {
  threaded_config();
};

/// Waits for SIGINT or SIGTERM on its own thread; the second signal ends the process at once. Make
/// it before any other thread: they inherit what it blocks.
class signal_watch {
public:
  enum class wish { stop, reload };
  /// @param reloads SIGHUP is a wish to read files again; else it is left alone
  explicit signal_watch(bool reloads = false);
  ~signal_watch();
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;
  const std::atomic<bool>& stop() const { return stop_; }
  void wait() { stop_.wait(false); }
  /// Waits for the next wish; once it is to stop, that is all there is.
  wish next();

private:
  void run();

  sigset_t set_;
  std::atomic<bool> stop_ = false;
  std::atomic<std::uint32_t> signals_ = 0;  ///< That came, of both kinds.
  std::uint32_t seen_ = 0;
  std::thread thread_;
};

}  // namespace datagen::tools
