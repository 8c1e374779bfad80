#pragma once

#include <cstdint>
#include <memory>
#include <new>

namespace datagen::kernels {

/// Uninitialised memory aligned to a cache line.
template <class T>
class aligned_memory {
 public:
  explicit aligned_memory(std::uint64_t count)
      : memory_(static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t{64}))) {}
  T* data() const { return memory_.get(); }

 private:
  struct release {
    void operator()(T* p) const { ::operator delete(p, std::align_val_t{64}); }
  };
  std::unique_ptr<T, release> memory_;
};

}  // namespace datagen::kernels
