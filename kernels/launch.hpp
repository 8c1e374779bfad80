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
