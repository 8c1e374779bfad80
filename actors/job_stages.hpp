#pragma once
// Where a job is on its way through the roles, for whoever measures them: the way itself does not
// depend on being watched.

#include "protocol/types.hpp"

#include <cstddef>

namespace datagen {

enum class job_stage : std::uint8_t {
  ordered = 0,   ///< The user has signed the ticket; it is on its way.
  routed = 1,    ///< The router has forwarded it.
  accepted = 2,  ///< The validator has checked it; the kernel is asked.
  computed = 3,  ///< The validator has the kernel's result.
  promised = 4,  ///< The receipt is signed; the archive is asked.
  durable = 5,   ///< The receipt is on disk; the answer is on its way.
  returned = 6,  ///< The router has passed the answer on.
  checked = 7,   ///< The user has checked the answer.
};
inline constexpr std::size_t job_stages = 8;

/// Called by roles on their own threads, possibly at the same time.
class stage_watch {
public:
  virtual ~stage_watch() = default;
  virtual void reached(const protocol::job_id& job, job_stage stage) = 0;
};

}  // namespace datagen
