#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace datagen::kernels {

/// Gives `x` a size, asking for huge pages where it is large: a fresh block of 4 KiB pages costs a
/// fault each, on virtual machines several microseconds, which for short messages was five times
/// the hashing itself. Without such pages nothing changes but the time.
template <class T, class Allocator>
void resize_large(std::vector<T, Allocator>& x, std::size_t count) {
  constexpr std::uintptr_t page = std::uintptr_t{2} << 20;
  x.reserve(count);
  const auto begin = reinterpret_cast<std::uintptr_t>(x.data());
  const std::uintptr_t first = (begin + page - 1) / page * page;
  const std::uintptr_t end = (begin + count * sizeof(T)) / page * page;
  if (end > first) madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
  x.resize(count);
}

}  // namespace datagen::kernels
