#pragma once
// Small jobs through a kernel worker, several at once and one by one, beside the least they cost: the
// registry called in a loop on as many threads. All in one run, interleaved.

#include <cstdint>
#include <string>
#include <vector>

namespace datagen::bench {

struct worker_options {
  double seconds = 0.5;            ///< Of each part of a round.
  std::uint32_t rounds = 5;        ///< The best of them counts.
  std::uint32_t callers = 4;       ///< Users, who know nothing of each other,
  std::uint32_t in_flight = 64;    ///< each with so many jobs open.
  std::uint32_t threads = 0;       ///< Of a lane, and of the loop; 0 = one per processor.
  std::uint32_t lanes = 2;
  std::uint32_t batch_jobs_max = 64;
  std::string models = "config/models";  ///< Where digits.onnx and digits_held_out.npy are.
};

/// One way to run the jobs.
struct worker_rate {
  double jobs_per_s = 0;
  double processor_us = 0;  ///< Of the whole process, per job.
  double p50_us = 0;        ///< From request to answer.
  double p99_us = 0;
};

/// One kind of job.
struct worker_row {
  std::string title;
  std::uint64_t units = 0;
  worker_rate floor;    ///< Without latency.
  worker_rate batched;
  worker_rate single;
  double jobs_per_batch = 0;
};

struct worker_report {
  std::uint32_t threads = 0;
  std::vector<worker_row> rows;
  std::string why;  ///< Why there is no report; empty otherwise.
};
worker_report measure_worker(const worker_options& options);

}  // namespace datagen::bench
