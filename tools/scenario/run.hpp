#pragma once
// One run of a scenario: the whole network in one thread and in virtual time, production roles on
// real rules and real databases; signatures and coins are real or simulated, as the scenario says.

#include "tools/scenario/memory.hpp"
#include "tools/scenario/watch.hpp"

namespace datagen::scenario {

struct finding {
  std::string text;  ///< The expectation, in the words of the file.
  std::uint32_t line = 0;
  bool holds = false;
  std::uint64_t at_ms = 0;  ///< When it was decided, virtual time.
  std::string why;          ///< Where it does not hold: what was found.
};

struct outcome {
  bool passed = false;
  bool unsafe = false;  ///< An `always` was broken.
  std::vector<finding> findings;
  std::string trace;  ///< Hexadecimal; equal for equal runs.
  std::uint64_t virtual_ms = 0;
  std::uint64_t messages = 0;    ///< Between roles, those that are lost as well.
  std::uint64_t deliveries = 0;  ///< Taken from mailboxes: with requests inside a host, and timers.
  std::uint64_t lost = 0;
  std::uint64_t heavy_blocks = 0;
  std::uint64_t fast_blocks = 0;
  std::uint64_t jobs_sent = 0;
  std::uint64_t jobs_answered = 0;
  std::uint64_t latency_us = 0;  ///< Median of answered jobs.
  std::uint64_t audits_passed = 0;
  std::uint64_t audits_failed = 0;
  std::map<std::string, std::uint64_t> verdicts;  ///< By rule and outcome, of audits' steps.
  std::vector<std::string> complaints;  ///< Of users.
  std::vector<memory_sample> memory;    ///< One a virtual minute, of runs that take ten.
  std::set<std::string> modelled;       ///< Distances that nobody measured.
  std::string failure;                  ///< The run itself could not be made, e.g. no disk.
};

/// @param told hears every Heavy event and every ordered leaf
outcome run(const script& what, const listeners& told = {});

}  // namespace datagen::scenario
