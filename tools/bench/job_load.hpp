#pragma once
// Keeps a number of jobs in flight at one user, and remembers when each stage was reached.

#include "messages/interfaces.hpp"

#include "actors/job_stages.hpp"

#include <array>
#include <mutex>
#include <unordered_map>

namespace datagen::bench {

/// Times at which a job reached its stages, microseconds of the wall clock.
using stage_times = std::array<double, job_stages>;

class stage_recorder : public stage_watch {
public:
  void reached(const protocol::job_id& job, job_stage stage) override;
  /// Forgets what it knows of `job` and returns it.
  stage_times take(const protocol::job_id& job);

private:
  std::mutex mutex_;
  std::unordered_map<protocol::job_id, stage_times> jobs_;
};

struct finished_job {
  double wished_us = 0;    ///< When the user's program asked for it,
  double answered_us = 0;  ///< and when it had the checked result.
  stage_times reached{};
};

struct load_plan {
  user_actor user;
  v1::job_wish wish;  ///< Its input is varied from job to job.
  std::uint64_t first_input = 0;
  std::uint32_t jobs = 0;
  std::uint32_t in_flight = 1;
};

struct load_result {
  std::vector<finished_job> done;
  std::uint64_t refused = 0;  ///< Asked again until accepted.
  std::string last_reason;    ///< Why the last one was refused; empty where none was.
  double wall_us = 0;
  double processor_us = 0;
};

/// Returns when all jobs are answered, or after ten seconds without an answer.
load_result run_load(caf::actor_system& system, stage_recorder& stages, const load_plan& plan);

/// Round trips of a plain request between two actors of `system`, one after the other.
std::vector<double> time_requests(caf::actor_system& system, std::uint32_t requests);

}  // namespace datagen::bench
