#pragma once

#include <cstdint>
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
  std::uint32_t threads = 1;  ///< already resolved, at least 1
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

/// One kernel as its own files define it; backend.cpp turns these into the C table.
struct kernel_definition {
  const char* id;
  std::uint32_t version;
  const char* summary;
  std::span<const datagen_limit> limits;
  failure (*check)(const work&);
  /// @pre check() found nothing
  std::uint64_t (*units)(const work&);
  /// Checks again, so that it is safe to call alone. Fills `output` only on success.
  failure (*run)(const work&, const run_settings&, std::vector<std::uint8_t>& output);
};

}  // namespace datagen::kernels
