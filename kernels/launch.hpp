#pragma once

#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

#include "float_environment.hpp"
#include "kernel.hpp"

#if defined(__CUDACC__)
#include <cuda_runtime.h>

#include <stdexcept>

#include "cuda/transfer.hpp"
#else
#include <omp.h>

#include <atomic>
#endif

namespace datagen::kernels {

#if defined(__CUDACC__)

/// Calls `f` for `count` items from `first` on, all at once.
template <class Function>
failure for_each_item(const run_settings&, std::uint64_t first, std::uint64_t count, Function f) {
  thrust::for_each_n(thrust::device, thrust::counting_iterator<std::uint64_t>(first), count, f);
  return {};
}

#else

/// One thread's part of a window: it takes a few items at a time until none are left, so that where
/// something else has a processor, the other threads do the work of the one that waits for it.
template <class Function>
struct thread_share {
  Function f;
  std::atomic<std::uint64_t>* next;
  float_environments* environments;
  std::uint64_t end, grain;

  void operator()(std::uint64_t) const {
    environments->add_this_thread();
    for (;;) {
      const std::uint64_t begin = next->fetch_add(grain, std::memory_order_relaxed);
      if (begin >= end) return;
      const std::uint64_t stop = std::min(end, begin + grain);
      for (std::uint64_t i = begin; i < stop; ++i) f(i);
    }
  }
};

/// Calls `f` for `count` items from `first` on, on at most settings.threads threads.
template <class Function>
failure for_each_item(const run_settings& settings, std::uint64_t first, std::uint64_t count,
                      Function f) {
  constexpr std::uint64_t takes_per_thread = 16;
  const std::uint64_t threads = std::clamp<std::uint64_t>(count, 1, settings.threads);
  std::atomic<std::uint64_t> next{first};
  float_environments environments;
  omp_set_num_threads(static_cast<int>(threads));
  thrust::for_each_n(thrust::device, thrust::counting_iterator<std::uint64_t>(0), threads,
                     thread_share<Function>{f, &next, &environments, first + count,
                                            1 + count / (threads * takes_per_thread)});
  return environments.check();
}

#endif

/// Calls `f(i)` for every i below `count` through Thrust, in windows of at most `window` items;
/// between windows the cancel flag is read and progress reported. The items of a window may run in
/// any order and at once: `f` writes only what belongs to item i (profile: no cross-item state).
template <class Function>
failure launch(const run_settings& settings, std::uint64_t count, std::uint64_t window,
               Function f) {
  for (std::uint64_t first = 0; first < count; first += window) {
    if (settings.cancelled()) return {DATAGEN_CANCELLED, "the job was cancelled"};
    const std::uint64_t items = std::min(window, count - first);
    if (auto bad = for_each_item(settings, first, items, f)) return bad;
    settings.report(first + items, count);
  }
  return {};
}

#if defined(__CUDACC__)

/// Uninitialised memory of the current device. Throws like transfer.hpp.
template <class T>
class device_memory {
 public:
  explicit device_memory(std::size_t count) : count_(count) {
    if (count == 0) return;
    const auto error = cudaMalloc(&data_, count * sizeof(T));
    if (error == cudaErrorMemoryAllocation) {
      cudaGetLastError();  // not a fault of the device: the next job starts clean
      throw std::bad_alloc();
    }
    if (error != cudaSuccess) throw std::runtime_error(cudaGetErrorString(error));
  }
  ~device_memory() { cudaFree(data_); }
  device_memory(const device_memory&) = delete;
  device_memory& operator=(const device_memory&) = delete;
  T* data() const { return data_; }
  std::size_t size() const { return count_; }

 private:
  T* data_ = nullptr;
  std::size_t count_;
};

/// A copy of host bytes on the device, behind which `padding` more elements may be read (their
/// values mean nothing).
template <class T>
class device_input {
 public:
  device_input(const T* host, std::size_t count, std::size_t padding = 0)
      : memory_(count + padding) {
    if (count > 0) upload(memory_.data(), host, count * sizeof(T));
  }
  const T* data() const { return memory_.data(); }

 private:
  device_memory<T> memory_;
};

/// Memory that a kernel writes and the host reads afterwards; zeros until then.
template <class T>
class device_output {
 public:
  explicit device_output(std::size_t count) : memory_(count) {
    if (count == 0) return;
    const auto error = cudaMemset(memory_.data(), 0, count * sizeof(T));
    if (error != cudaSuccess) throw std::runtime_error(cudaGetErrorString(error));
  }
  explicit device_output(const std::vector<T>& initial) : memory_(initial.size()) {
    if (!initial.empty()) upload(memory_.data(), initial.data(), initial.size() * sizeof(T));
  }
  T* data() { return memory_.data(); }
  std::vector<T> download() const {
    std::vector<T> host(memory_.size());
    download_to(host.data());
    return host;
  }
  void download_to(T* host) const {
    if (memory_.size() > 0)
      datagen::kernels::download(host, memory_.data(), memory_.size() * sizeof(T));
  }

 private:
  device_memory<T> memory_;
};

#else

/// Host bytes as the device sees them: on the CPU the same memory.
template <class T>
class device_input {
 public:
  device_input(const T* host, std::size_t, std::size_t = 0) : host_(host) {}
  const T* data() const { return host_; }

 private:
  const T* host_;
};

/// Memory that a kernel writes and the host reads afterwards; zeros until then.
template <class T>
class device_output {
 public:
  explicit device_output(std::size_t count) : memory_(count) {}
  explicit device_output(const std::vector<T>& initial) : memory_(initial) {}
  T* data() { return memory_.data(); }
  std::vector<T> download() const { return memory_; }
  void download_to(T* host) const { std::copy(memory_.begin(), memory_.end(), host); }

 private:
  std::vector<T> memory_;
};

#endif

}  // namespace datagen::kernels
