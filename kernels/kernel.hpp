#pragma once

#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <vector>

#include "failure.hpp"

namespace datagen::kernels {

/// What a job consists of; checkers run the same pair and compare the bytes.
struct work {
  std::string_view params;  ///< canonical `key=value` lines
  std::span<const std::uint8_t> input;
};

/// How this machine shall run it; nothing in here may change the output.
struct run_settings {
  std::uint32_t threads = 1;  ///< at least 1 where a kernel reads it
  bool portable = false;      ///< no processor-specific inner loop
  const std::uint32_t* cancel = nullptr;
  void (*progress)(void*, std::uint64_t, std::uint64_t) = nullptr;
  void* progress_context = nullptr;

  /// True once the caller has asked the job to stop.
  bool cancelled() const {
    return cancel != nullptr && __atomic_load_n(cancel, __ATOMIC_RELAXED) != 0;
  }
  /// Tells the caller that `done` of `total` steps are finished.
  void report(std::uint64_t done, std::uint64_t total) const {
    if (progress != nullptr) progress(progress_context, done, total);
  }
};

/// An allocator whose vectors do not clear what `resize` adds: clearing a large output on one thread
/// took as long as computing it on all.
template <class T>
struct uncleared : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = uncleared<U>;
  };
  uncleared() = default;
  template <class U>
  uncleared(const uncleared<U>&) noexcept {}
  template <class U>
  void construct(U* at) noexcept {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Arguments>
  void construct(U* at, Arguments&&... arguments) {
    ::new (static_cast<void*>(at)) U(std::forward<Arguments>(arguments)...);
  }
};

/// What a kernel writes, every byte of it.
using output_buffer = std::vector<std::uint8_t, uncleared<std::uint8_t>>;

/// One kernel as its own files define it; backend.cpp turns these into the C table.
struct kernel_definition {
  const char* id;
  std::uint32_t version;
  const char* summary;
  std::span<const datagen_limit> limits;
  /// Refuses all that run() would, and counts the job's work.
  failure (*units)(const work&, std::uint64_t& count);
  /// Fills `output` and `count` only on success. Threads may be 0: as many as the work is worth.
  failure (*run)(const work&, run_settings, output_buffer& output, std::uint64_t& count);
};

/// Threads of a job that leaves their number to the module: waking one costs some ten microseconds
/// for each pass over the data, so a small job gets by with fewer than there are processors.
std::uint32_t fitting_threads(std::uint64_t units);

/// The two functions of a definition, from a kernel's `Parse`, which reads a job and refuses what it
/// must, and from what follows from a job that was read: its `Units`, and its result by `Run`.
template <class Job, failure (*Parse)(const work&, Job&),
          std::uint64_t (*Units)(const work&, const Job&)>
failure units_of_job(const work& work, std::uint64_t& count) {
  Job job;
  auto bad = Parse(work, job);
  count = bad ? 0 : Units(work, job);
  return bad;
}

template <class Job, failure (*Parse)(const work&, Job&),
          std::uint64_t (*Units)(const work&, const Job&),
          failure (*Run)(const work&, const Job&, const run_settings&, output_buffer&)>
failure run_job(const work& work, run_settings settings, output_buffer& output,
                std::uint64_t& count) {
  Job job;
  if (auto bad = Parse(work, job)) return bad;
  const std::uint64_t needed = Units(work, job);
  if (settings.threads == 0) settings.threads = fitting_threads(needed);
  if (auto bad = Run(work, job, settings, output)) return bad;
  count = needed;
  return {};
}

}  // namespace datagen::kernels
