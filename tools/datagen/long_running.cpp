#include "tools/datagen/long_running.hpp"

#include "tools/datagen/commands.hpp"
#include "tools/datagen/failure.hpp"

#include "actors/inside_link.hpp"

#include "messages/register.hpp"

#include <cstdlib>

namespace datagen::tools {

threaded_config::threaded_config() {
  add_messages(*this);
  // Work stealing polls its queues, which costs a third of a core when nothing happens.
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", std::max(2u, std::thread::hardware_concurrency()));
}

void threaded_config::link_inside(const std::optional<std::filesystem::path>& keys) {
  try {
    add_inside_links(*this, keys);
  } catch (const std::runtime_error& x) {
    throw failure(exit_configuration, x.what());
  }
}

namespace {

constexpr std::chrono::seconds notice{2};  ///< Whoever asks /readyz every second sees why.

}  // namespace

signal_watch::signal_watch(bool reloads) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may grow no further is a failed write, not a death
  sigemptyset(&set_);
  sigaddset(&set_, SIGINT);
  sigaddset(&set_, SIGTERM);
  sigaddset(&set_, SIGUSR1);
  if (reloads)
    sigaddset(&set_, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  thread_ = std::thread{[this] { run(); }};
}

signal_watch::~signal_watch() {
  pthread_kill(thread_.native_handle(), SIGUSR1);
  thread_.join();
}

void signal_watch::tell() {
  ++signals_;
  signals_.notify_all();
}

void signal_watch::end() {
  stop_ = true;
  stop_.notify_all();
  tell();
}

void disk_watch::died(const std::string& why) {
  {
    const std::lock_guard lock{mutex_};
    if (trouble_.empty())
      trouble_ = why;
  }
  signals_.end();
}

std::string disk_watch::trouble() const {
  const std::lock_guard lock{mutex_};
  return trouble_;
}

exit_code disk_watch::verdict() const {
  const auto why = trouble();
  if (why.empty())
    return exit_ok;
  const auto code = fail(exit_io, why);
  std::this_thread::sleep_for(notice);
  return code;
}

void signal_watch::run() {
  int signal = 0;
  for (bool again = false; sigwait(&set_, &signal) == 0 && signal != SIGUSR1;) {
    if (signal == SIGHUP) {
      tell();
      continue;
    }
    if (std::exchange(again, true))
      std::_Exit(128 + signal);
    end();
  }
}

signal_watch::wish signal_watch::next() {
  signals_.wait(seen_);
  seen_ = signals_;
  return stop_ ? wish::stop : wish::reload;
}

}  // namespace datagen::tools
