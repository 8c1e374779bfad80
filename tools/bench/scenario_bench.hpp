#pragma once
// How fast scenarios run: whole networks in one thread and in virtual time, beside the bare scheduler
// that carries them.

#include "tools/scenario/script.hpp"

#include <string>
#include <vector>

namespace datagen::bench {

struct scenario_options {
  std::vector<std::uint32_t> validators{4, 16, 100};
  std::uint64_t virtual_ms = 30'000;  ///< Of each network.
  scenario::crypto crypto = scenario::crypto::simulated;
};

struct scenario_row {
  std::uint32_t validators = 0;
  std::uint32_t authors = 0;
  double virtual_s = 0;
  double real_s = 0;             ///< From the first actor to the last.
  std::uint64_t messages = 0;    ///< Between roles.
  std::uint64_t deliveries = 0;  ///< Taken from mailboxes, as the bare scheduler counts.
  std::uint64_t jobs = 0;        ///< Answered.
};

/// Actors that do nothing but pass on what they receive, over the same transport and clock.
struct bare_row {
  std::uint32_t actors = 0;
  double real_s = 0;
  std::uint64_t messages = 0;
};

struct scenario_report {
  bare_row bare;
  std::vector<scenario_row> rows;
  std::string why;  ///< Not empty: a network failed its scenario.
};

scenario_report measure_scenarios(const scenario_options& options);

}  // namespace datagen::bench
