#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "registry.hpp"

namespace datagen::kernels {

/// Threads that run many small jobs side by side, each job on one of them. A job of some microseconds
/// cannot use several threads, as starting a team for it takes as long; several jobs can. On CUDA each
/// thread has a stream of its own, so that one job's copies overlap with another's launches.
///
/// A job keeps its status, sentence, units, output and cancel flag, and its result has the bytes it
/// would have alone: no kernel's output depends on threads, neighbours or order (profile).
class job_crew {
 public:
  /// Told of every job that is over, from the thread that ran it; several may be told at once.
  using on_done = std::function<void(std::size_t job, job_result&& result)>;

  /// @param helpers threads beside the one that calls run(); they start with the first run of several
  explicit job_crew(std::uint32_t helpers = 0) : helpers_(helpers) {}
  ~job_crew();
  job_crew(const job_crew&) = delete;
  job_crew& operator=(const job_crew&) = delete;

  /// Runs all `jobs` with one thread each, begun in their order, and returns when all are over; without
  /// helpers one after the other. Of what a job throws, which ends no other one, nothing is told; it
  /// is thrown on when all are over, the first if several are. One thread at a time may call this.
  void run(const registry& kernels, std::span<const job_request> jobs, const on_done& done);

 private:
  struct batch;
  void start_helpers();
  void help();

  const std::uint32_t helpers_;
  std::mutex mutex_;
  std::condition_variable work_;   // a batch has jobs that nobody has begun, or the crew ends
  std::condition_variable quiet_;  // no helper is at work
  batch* batch_ = nullptr;
  std::uint32_t at_work_ = 0;
  bool ends_ = false;
  std::vector<std::jthread> threads_;  // last: joined while the rest is still there
};

}  // namespace datagen::kernels
