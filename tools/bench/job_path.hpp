#pragma once
// A tiny job through the whole path of real actors, real archives and running chains, beside what
// it must cost at least: the kernel called directly, the path's cryptography and one durable
// commit, a plain request between two actors. All in one run, interleaved.

#include "tools/bench/job_floor.hpp"
#include "tools/bench/samples.hpp"

namespace datagen::bench {

/// Mailboxes a job passes: wish, ticket, ticket, kernel and back, archive, its wake-up and back,
/// answer, answer, outcome.
inline constexpr std::uint32_t mailbox_hops = 11;

struct job_path_options {
  std::uint32_t jobs = 5000;  ///< Per number in flight.
  std::vector<std::uint32_t> in_flight = {1, 64};
  std::string data_dir;  ///< Exists; databases are created in it.
  std::uint32_t validators = 7;
  std::uint32_t authors = 4;
  std::uint32_t audit_rate_ppm = 20'000;  ///< Preset `default`'s; the rest is preset `dev`.
};

/// Mean time from one stage to the next.
struct stage_row {
  std::string name;
  double mean_us = 0;
};

/// One number in flight.
struct path_row {
  std::uint32_t in_flight = 0;
  bool chains = true;  ///< Are both chains running beside it?
  quantiles latency;
  double jobs_per_s = 0;
  double processor_us = 0;  ///< Of the whole process, chains included, per job.
  double cores = 0;         ///< Processor time per wall time.
  std::uint64_t refused = 0;
  std::string refusal;         ///< The last one's sentence.
  std::uint64_t receipts = 0;  ///< Made durable by the validator's archive,
  std::uint64_t commits = 0;   ///< with this many fsyncs of that archive (its author's included),
  std::uint64_t other_commits = 0;  ///< while all others did this many.
  std::vector<stage_row> stages;
};

struct job_path_report {
  std::uint32_t cores = 0;
  std::vector<path_row> rows;
  quantiles kernel;         ///< (a) The kernel called directly.
  quantiles floor;          ///< (b) Signatures, verifications, hashes and one durable commit.
  floor_times floor_parts;  ///< Means.
  floor_counts counts;
  quantiles request;  ///< (c) A plain request between two actors.
};

struct job_path_result {
  job_path_report report;
  std::string why;  ///< Why there is no report; empty otherwise.
};
job_path_result measure_job_path(const job_path_options& options);

}  // namespace datagen::bench
