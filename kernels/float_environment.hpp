#pragma once

#include <atomic>

#include "failure.hpp"

namespace datagen::kernels {

/// Refuses to compute on the calling thread while flush-to-zero, denormals-are-zero or another
/// rounding mode is set (profile rule 2); some libraries built with -ffast-math set them at load.
failure check_float_environment();

/// The same for the threads that share a piece of work: each adds itself, then one asks.
class float_environments {
 public:
  void add_this_thread();
  failure check() const;

 private:
  std::atomic<unsigned> seen_{0};
};

}  // namespace datagen::kernels
