#pragma once

#include <thrust/copy.h>
#include <thrust/device_vector.h>
#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "float_environment.hpp"
#include "kernel.hpp"

#if !defined(__CUDACC__)
#include <omp.h>
#endif

namespace datagen::kernels {

/// Calls `f(i)` for every i below `count` through Thrust, in windows of at most `window` items;
/// between windows the cancel flag is read and progress reported. The items of a window may run in
/// any order and at once: `f` writes only what belongs to item i (profile: no cross-item state).
template <class Function>
failure launch(const run_settings& settings, std::uint64_t count, std::uint64_t window,
               Function f) {
#if !defined(__CUDACC__)
  omp_set_num_threads(static_cast<int>(settings.threads));
  if (auto bad = check_worker_environments()) return bad;
#endif
  for (std::uint64_t first = 0; first < count; first += window) {
    if (settings.cancelled()) return {DATAGEN_CANCELLED, "the job was cancelled"};
    const std::uint64_t items = std::min(window, count - first);
    thrust::for_each_n(thrust::device, thrust::counting_iterator<std::uint64_t>(first), items, f);
    settings.report(first + items, count);
  }
  return {};
}

/// Host bytes as the device sees them: on the CPU the same memory, on CUDA a copy.
template <class T>
class device_input {
 public:
#if defined(__CUDACC__)
  device_input(const T* host, std::size_t count) : copy_(host, host + count) {}
  const T* data() const { return thrust::raw_pointer_cast(copy_.data()); }

 private:
  thrust::device_vector<T> copy_;
#else
  device_input(const T* host, std::size_t) : host_(host) {}
  const T* data() const { return host_; }

 private:
  const T* host_;
#endif
};

/// Memory that a kernel writes and the host reads afterwards.
template <class T>
class device_output {
 public:
  explicit device_output(std::size_t count) : memory_(count) {}
  explicit device_output(const std::vector<T>& initial)
      : memory_(initial.begin(), initial.end()) {}
  T* data() { return thrust::raw_pointer_cast(memory_.data()); }
  std::vector<T> download() const {
    std::vector<T> host(memory_.size());
    thrust::copy(memory_.begin(), memory_.end(), host.begin());
    return host;
  }

 private:
  thrust::device_vector<T> memory_;
};

}  // namespace datagen::kernels
