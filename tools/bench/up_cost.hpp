#pragma once
// What a local cluster costs to have: the real `datagen up` in a process of its own.

#include <cstdint>
#include <string>

namespace datagen::bench {

struct up_options {
  std::string data_dir;        ///< For `up --data`; empty: in memory.
  std::string scratch_dir;     ///< For its ready file.
  std::uint32_t seconds = 10;  ///< How long it idles under watch.
};

struct up_cost {
  double ready_ms = 0;      ///< From the start of the process to its ready file.
  double resident_mb = 0;   ///< 10^6 bytes, at the end of the watch.
  double idle_percent = 0;  ///< Processor time of one core while nobody wants anything.
  double stop_ms = 0;       ///< From SIGTERM to the end of the process.
  int exit_code = -1;
};

struct up_result {
  up_cost cost;
  std::string why;  ///< Why there is none; empty otherwise.
};
up_result measure_up(const up_options& options);

}  // namespace datagen::bench
