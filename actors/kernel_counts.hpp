#pragma once
// What a kernel worker counts, for whoever reports on its host.

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace datagen {

struct kernel_device_totals {
  std::string backend;  ///< "cpu" or "cuda"
  std::uint32_t index = 0;
  std::string name;
  std::uint64_t jobs = 0;     ///< Answered, whatever the answer.
  std::uint64_t busy_us = 0;  ///< Of all its lanes together.
};

/// Since the worker's start.
struct kernel_totals {
  std::uint64_t waiting = 0;  ///< Jobs, now.
  std::uint64_t running = 0;  ///< Jobs, now.
  std::uint64_t done = 0;
  std::uint64_t refused = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t batches = 0;  ///< Of two jobs or more.
  std::uint64_t batched = 0;  ///< Jobs in them.
  std::vector<kernel_device_totals> devices;  ///< This host's, and those lent to it.
};

/// Changed by one worker, read by any thread.
class kernel_counts {
public:
  template <class Change>
  void change(const Change& f) {
    const std::lock_guard lock(mutex_);
    f(totals_);
  }
  kernel_totals read() const {
    const std::lock_guard lock(mutex_);
    return totals_;
  }

private:
  mutable std::mutex mutex_;
  kernel_totals totals_;
};

}  // namespace datagen
