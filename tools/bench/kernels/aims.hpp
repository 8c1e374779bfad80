#pragma once
// What the figures should reach (issue's aims), gathered while they are printed.

#include <cstdio>
#include <string>
#include <vector>

namespace datagen::tools {

struct aim_row {
  std::string what;
  double ratio;
  double least;
};

/// The rows so far.
inline std::vector<aim_row>& aim_rows() {
  static std::vector<aim_row> rows;
  return rows;
}

/// Notes ours / peer's `ratio` for the table at the end. @returns it
inline double aim(std::string what, double ratio, double least) {
  aim_rows().push_back({std::move(what), ratio, least});
  return ratio;
}

inline void print_aims() {
  std::printf("\n%-72s %8s %8s\n", "Aims: ours / peer", "reached", "aim");
  for (const auto& x : aim_rows())
    std::printf("%-72s %8.2f %8.2f %s\n", x.what.c_str(), x.ratio, x.least,
                x.ratio < x.least ? "MISSED" : "met");
}

}  // namespace datagen::tools
