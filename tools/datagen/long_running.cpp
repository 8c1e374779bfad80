#include "tools/datagen/long_running.hpp"

#include "messages/register.hpp"

#include <cstdlib>

namespace datagen::tools {

threaded_config::threaded_config() {
  add_messages(*this);
  // Work stealing polls its queues, which costs a third of a core when nothing happens.
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", std::max(2u, std::thread::hardware_concurrency()));
}

signal_watch::signal_watch(bool reloads) {
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

void signal_watch::run() {
  int signal = 0;
  while (sigwait(&set_, &signal) == 0 && signal != SIGUSR1) {
    if (signal != SIGHUP && stop_.exchange(true))
      std::_Exit(128 + signal);
    ++signals_;
    stop_.notify_all();
    signals_.notify_all();
  }
}

signal_watch::wish signal_watch::next() {
  signals_.wait(seen_);
  seen_ = signals_;
  return stop_ ? wish::stop : wish::reload;
}

}  // namespace datagen::tools
