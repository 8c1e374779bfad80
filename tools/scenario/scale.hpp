#pragma once
// How the network's costs grow with its validators: one quiet story at several sizes, with Echo packages to
// all validators and with a drawn sample (protocol.md section 2, steps 1 and 2).

#include "tools/scenario/log_chart.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace datagen::scenario {

struct scale_wish {
  std::vector<std::uint32_t> sizes{10, 30, 100};  ///< Validators; ascending.
  std::uint64_t seed = 1;
  std::uint32_t seconds = 20;  ///< Virtual time of a run; jobs come until 5 s before its end.
  std::uint32_t sample = 16;   ///< Validators that a sampled Echo asks.
};

/// What one run showed.
struct scale_row {
  std::uint32_t validators = 0;
  bool sampled = false;
  std::uint64_t jobs = 0;  ///< Answered.
  std::uint64_t jobs_sent = 0;
  std::uint64_t messages = 0;    ///< Between roles, of the whole run.
  std::uint64_t heavy_bytes = 0; ///< Of the events that the Heavy Chain certified.
  std::uint64_t fast_bytes = 0;  ///< Of the leaves that the Fast Chain ordered.
  std::uint64_t audits = 0;      ///< Ended.
  std::uint64_t packages = 0;    ///< Of all Echoes, each paid for.
  std::uint64_t echoes = 0;
  double echo_dg = 0;     ///< Price of one Echo.
  double pairing_ms = 0;  ///< Mean from a session's opening to its pairing, as Heavy's followers see them.
};

/// Runs each size, first with packages to all and then with a sample; tells each row as it is ready.
/// @returns an empty string, or why it could not
std::string scale(const scale_wish& x, const std::function<void(const scale_row&)>& tell);

/// Lines of one picture, and their exponents, by what they are of; none where nothing can be fitted.
std::vector<chart_line> growth_of(const std::vector<scale_row>& rows);

void print_scale_head(std::ostream& to, const scale_wish& x);
void print(std::ostream& to, const scale_row& row);

}  // namespace datagen::scenario
