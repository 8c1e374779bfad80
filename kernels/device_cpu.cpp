#include <sched.h>
#include <unistd.h>

#include <cpuid.h>

#include <cstring>
#include <string>

#include "device.hpp"

namespace datagen::kernels {

#if defined(__AVX512F__)
const char* const backend_name = "cpu-v4";
const bool module_is_portable = false;
#elif defined(__AVX2__)
const char* const backend_name = "cpu-v3";
const bool module_is_portable = false;
#else
const char* const backend_name = "cpu-baseline";
const bool module_is_portable = true;
#endif
const bool device_uses_driver = false;

std::uint32_t device_count() { return 1; }

failure select_device(std::uint32_t index) {
  if (index < device_count()) return {};
  return {DATAGEN_DEVICE_FAILED,
          "device " + std::to_string(index) + " does not exist, the CPU is device 0"};
}

failure describe_device(std::uint32_t index, datagen_device& device) {
  device = {};
  if (auto bad = select_device(index)) return bad;
  unsigned brand[12] = {};
  for (unsigned i = 0; i < 3; ++i)
    __get_cpuid(0x80000002 + i, &brand[4 * i], &brand[4 * i + 1], &brand[4 * i + 2],
                &brand[4 * i + 3]);
  std::memcpy(device.name, brand, sizeof brand);
  if (device.name[0] == '\0') std::strcpy(device.name, "x86-64 processor");
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  if (pages > 0 && page > 0)
    device.memory_bytes = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page);
  return {};
}

std::uint32_t default_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  const int count = CPU_COUNT(&set);
  return count > 0 ? static_cast<std::uint32_t>(count) : 1;
}

}  // namespace datagen::kernels
