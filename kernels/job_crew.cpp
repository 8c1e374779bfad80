#include "job_crew.hpp"

#include <atomic>

namespace datagen::kernels {

struct job_crew::batch {
  const registry& kernels;
  std::span<const job_request> jobs;
  const on_done& done;
  std::atomic<std::size_t> next = 0;
  std::mutex failing = {};
  std::exception_ptr failure = {};  // the first

  bool left() const { return next.load(std::memory_order_relaxed) < jobs.size(); }

  void work() {
    for (std::size_t i; (i = next++) < jobs.size();) run(i);
  }

  void run(std::size_t i) {
    try {
      auto request = jobs[i];
      request.threads = 1;
      done(i, kernels.run(request));
    } catch (...) {
      const std::lock_guard lock(failing);
      if (!failure) failure = std::current_exception();
    }
  }
};

job_crew::~job_crew() {
  const std::lock_guard lock(mutex_);
  ends_ = true;
  work_.notify_all();
}

void job_crew::run(const registry& kernels, std::span<const job_request> jobs,
                   const on_done& done) {
  batch all{kernels, jobs, done};
  if (jobs.size() > 1 && helpers_ > 0) {
    start_helpers();
    const std::lock_guard lock(mutex_);
    batch_ = &all;
    work_.notify_one();
  }
  all.work();
  {
    std::unique_lock lock(mutex_);
    batch_ = nullptr;
    quiet_.wait(lock, [&] { return at_work_ == 0; });
  }
  if (all.failure) std::rethrow_exception(all.failure);
}

void job_crew::start_helpers() {
  while (threads_.size() < helpers_) threads_.emplace_back([this] { help(); });
}

void job_crew::help() {
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [&] { return ends_ || (batch_ != nullptr && batch_->left()); });
    if (ends_) return;
    batch& mine = *batch_;
    ++at_work_;
    lock.unlock();
    // Each wakes the next: whoever called run() computes meanwhile, and few jobs wake few threads.
    if (mine.left()) work_.notify_one();
    mine.work();
    lock.lock();
    if (--at_work_ == 0) quiet_.notify_one();
  }
}

}  // namespace datagen::kernels
