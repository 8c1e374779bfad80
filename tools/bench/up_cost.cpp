#include "tools/bench/up_cost.hpp"

#include "tools/bench/authors/child_process.hpp"
#include "tools/bench/clock.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace datagen::bench {

namespace {

constexpr double ready_limit_us = 30e6;

void pause_ms(unsigned ms) { std::this_thread::sleep_for(std::chrono::milliseconds{ms}); }

std::vector<std::string> words_of(const up_options& options, const std::string& ready_file) {
  std::vector<std::string> words = {"/proc/self/exe", "up",           "--quiet", "--port",
                                    "0",              "--ready-file", ready_file};
  if (!options.data_dir.empty())
    words.insert(words.end(), {"--data", options.data_dir});
  return words;
}

}  // namespace

up_result measure_up(const up_options& options) {
  const auto ready_file = options.scratch_dir + "/ready";
  const auto start = wall_us();
  child_process up{words_of(options, ready_file)};
  if (!up.started())
    return {{}, std::string{"cannot start `datagen up`: "} + std::strerror(errno)};
  while (!text_of(ready_file).ends_with("}\n")) {
    if (up.ended())
      return {{}, "`datagen up` ended before it was ready"};
    if (wall_us() - start > ready_limit_us)
      return {{}, "`datagen up` was not ready within 30 s"};
    pause_ms(1);
  }
  up_cost cost{.ready_ms = (wall_us() - start) / 1e3};
  pause_ms(1000);  // what starting left to do is not idling
  const auto wall = wall_us(), processor = up.processor_us();
  pause_ms(1000 * options.seconds);
  cost.idle_percent = 100 * (up.processor_us() - processor) / (wall_us() - wall);
  cost.resident_mb = up.resident_mb();
  if (up.ended())
    return {{}, "`datagen up` ended by itself"};
  const auto stop = wall_us();
  cost.exit_code = up.stop();
  cost.stop_ms = (wall_us() - stop) / 1e3;
  return {cost, {}};
}

}  // namespace datagen::bench
