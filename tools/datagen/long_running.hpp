#pragma once
// What the commands that keep running share: actors with threads, and an orderly end.

#include "tools/datagen/exit_codes.hpp"

#include <caf/actor_system_config.hpp>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace datagen::tools {

/// Actors on all processors.
struct threaded_config : caf::actor_system_config {
  threaded_config();
  /// Reaches the operator's other hosts; throws `failure` where `keys` are not all there.
  void link_inside(const std::optional<std::filesystem::path>& keys);
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
  /// As the first signal does.
  void end();

private:
  void run();
  void tell();

  sigset_t set_;
  std::atomic<bool> stop_ = false;
  std::atomic<std::uint32_t> signals_ = 0;  ///< That came, of both kinds.
  std::uint32_t seen_ = 0;
  std::thread thread_;
};

/// Ends the process when one of its databases takes no more writes: its roles sign nothing more, and
/// whoever watches /readyz is to see it before the process goes (reliability.md).
class disk_watch {
public:
  /// Both outlive the cluster.
  explicit disk_watch(signal_watch& signals) : signals_(signals) {}
  /// For `cluster_config::database_died`: from any thread.
  void died(const std::string& why);
  /// What the first one said; empty while all are well.
  std::string trouble() const;
  /// After the wait for the end. @returns `exit_ok`, or after a while for others to notice `exit_io`,
  /// with a line on stderr
  exit_code verdict() const;

private:
  signal_watch& signals_;
  mutable std::mutex mutex_;
  std::string trouble_;
};

}  // namespace datagen::tools
