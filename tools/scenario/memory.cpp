#include "tools/scenario/memory.hpp"

#include <fstream>

#include <unistd.h>

namespace datagen::scenario {

std::uint64_t resident_bytes() {
  std::ifstream file{"/proc/self/statm"};
  std::uint64_t size = 0, resident = 0;
  file >> size >> resident;
  return file ? resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

std::uint64_t bytes_below(const std::filesystem::path& directory) {
  std::uint64_t result = 0;
  std::error_code ignored;  // files come and go
  for (const auto& x : std::filesystem::recursive_directory_iterator{directory, ignored})
    if (const auto size = x.file_size(ignored); !ignored)
      result += size;
  return result;
}

std::int64_t growth_per_hour(const std::vector<memory_sample>& samples,
                             std::uint64_t memory_sample::*what) {
  if (samples.size() < 4)
    return 0;
  const auto first = samples.size() / 2;
  const auto count = static_cast<double>(samples.size() - first);
  double hours = 0, bytes = 0;
  for (auto i = first; i < samples.size(); ++i) {
    hours += static_cast<double>(samples[i].at_ms) / 3'600'000 / count;
    bytes += static_cast<double>(samples[i].*what) / count;
  }
  double together = 0, spread = 0;
  for (auto i = first; i < samples.size(); ++i) {
    const auto x = static_cast<double>(samples[i].at_ms) / 3'600'000 - hours;
    together += x * (static_cast<double>(samples[i].*what) - bytes);
    spread += x * x;
  }
  return spread > 0 ? static_cast<std::int64_t>(together / spread) : 0;
}

}  // namespace datagen::scenario
