#pragma once

#include <cstdint>

#include "aligned_memory.hpp"

namespace datagen::kernels {

/// Memory for one use in a job, say `struct packed_matrices;`. Fresh pages cost an eighth of a product
/// of 1,024 rows, so what a thread's job used is kept for its next one, up to 16 MiB; of larger jobs
/// the pages are a small part.
template <class Use>
class kept_memory {
 public:
  static constexpr std::uint64_t kept_floats = std::uint64_t{4} << 20;

  /// Room for `count` floats, with whatever values, until the thread asks again or `this` ends.
  explicit kept_memory(std::uint64_t count)
      : own_(count <= kept_floats ? 0 : count),
        data_(count <= kept_floats ? kept(count) : own_.data()) {}
  float* data() const { return data_; }

 private:
  static float* kept(std::uint64_t count) {
    thread_local aligned_memory<float> memory(0);
    thread_local std::uint64_t room = 0;
    if (room < count) {
      room = 0;
      memory = aligned_memory<float>(0);  // the old one goes before the new one comes
      memory = aligned_memory<float>(count);
      room = count;
    }
    return memory.data();
  }

  aligned_memory<float> own_;
  float* data_;
};

}  // namespace datagen::kernels
