// The two levels of finality in a job's story (consensus.md 2.13): fast-final by a certificate of
// the Fast committee, settled by a Heavy block; and what becomes of leaves between the two when the
// Fast committee is replaced.

#include "actors/gateway/job_index.hpp"

namespace datagen::web {

using namespace protocol;

job_index::ids job_index::certify(std::uint64_t height, std::uint64_t at_ms) {
  ids changed;
  const auto end = not_final_.upper_bound(height);
  for (auto it = not_final_.begin(); it != end; ++it)
    for (const auto& id : it->second) {
      auto* job = known(id);
      if (!job || job->fast_final)
        continue;
      job->fast_final = true;
      step(*job, {.step = "fast_final",
                  .at_ms = at_ms,
                  .height = it->first,
                  .where = chain_kind::fast,
                  .text = "the certificate of block " + std::to_string(height) + " covers it"});
      changed.push_back(id);
    }
  not_final_.erase(not_final_.begin(), end);
  return changed;
}

job_index::ids job_index::cut(std::uint64_t height) {
  ids changed;
  for (auto it = by_checkpoint_.begin(); it != by_checkpoint_.end();) {
    if (it->second.made_at >= height)
      it->second.made_at.reset();
    std::erase_if(it->second.jobs, [&](const job_id& id) {
      auto* job = known(id);
      if (!job || !job->ordered || job->ordered->height < height || job->settled)
        return false;
      changed.push_back(id);
      return true;
    });
    it = it->second.jobs.empty() ? by_checkpoint_.erase(it) : std::next(it);
  }
  not_final_.erase(not_final_.lower_bound(height), not_final_.end());
  for (const auto& id : changed) {
    auto& job = jobs_.at(id);
    if (auto it = unpaid_.find({job.claim_epoch, job.validator, job.session}); it != unpaid_.end())
      std::erase(it->second, id);
    step(job, {.step = "void",
               .at_ms = job.timeline.back().at_ms,
               .height = job.ordered->height,
               .where = chain_kind::fast,
               .text = "a new Fast committee began before this block; the leaf is ordered again"});
    job.ordered.reset();
    job.fast_final = false;
    enter(job, job_state::returned);
  }
  return changed;
}

}  // namespace datagen::web
