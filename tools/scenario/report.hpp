#pragma once
// How a run is told: to people, as JSON, as JUnit XML.

#include "tools/scenario/run.hpp"

#include <iosfwd>

namespace datagen::scenario {

/// A run of `file` and what it cost in real time.
struct told_run {
  std::string file;     ///< Empty: drawn from the seed.
  std::string options;  ///< Beside the seed, as on the command line.
  std::uint64_t seed = 0;
  std::uint64_t real_ms = 0;
  outcome what;
};

void print(std::ostream& to, const told_run& x);
std::string json_of(const std::vector<told_run>& runs);
std::string junit_of(const std::vector<told_run>& runs);
/// The line that makes this run again.
std::string replay_line(const told_run& x);

}  // namespace datagen::scenario
